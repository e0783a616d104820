namespace Aggregator.Server.Accounts;

/// <summary>What became of a request to make an account or to change its password.</summary>
internal abstract record AccountOutcome
{
    private AccountOutcome()
    {
    }

    /// <summary>It is stored.</summary>
    /// <param name="IsNew">False when an account of that name was there and has a new password now.</param>
    public sealed record Saved(bool IsNew) : AccountOutcome;

    /// <summary>Nothing is stored, because the name or the password breaks a rule.</summary>
    /// <param name="Problem">Which one.</param>
    public sealed record Refused(AccountProblem Problem) : AccountOutcome;

    /// <summary>Nothing is stored: there is an account of that name.</summary>
    public sealed record NameTaken : AccountOutcome;

    /// <summary>Nothing is stored: it was to be the first account, and there is one already.</summary>
    public sealed record NotTheFirst : AccountOutcome;
}
