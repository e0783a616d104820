namespace Aggregator.Server.Accounts;

/// <summary>Why a name or a password cannot be taken.</summary>
public enum AccountProblem
{
    /// <summary>There is no name.</summary>
    NameMissing,

    /// <summary>The name is longer than <see cref="AccountRules.MaxNameLength"/>.</summary>
    NameTooLong,

    /// <summary>The name holds control characters, or begins or ends with white space.</summary>
    NameHasControls,

    /// <summary>The password is shorter than <see cref="AccountRules.MinPasswordLength"/>.</summary>
    PasswordTooShort,

    /// <summary>The password is longer than <see cref="AccountRules.MaxPasswordLength"/>.</summary>
    PasswordTooLong,

    /// <summary>The password is the name.</summary>
    PasswordIsName,

    /// <summary>The password is one character, repeated.</summary>
    PasswordTooSimple,

    /// <summary>The password and its repetition differ.</summary>
    PasswordsDiffer,
}
