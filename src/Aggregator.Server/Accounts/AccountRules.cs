using System.Globalization;

namespace Aggregator.Server.Accounts;

/// <summary>
/// What makes a name and a password acceptable. Length is what counts; classes of characters are not asked for
/// (NIST SP 800-63B §3.1.1.2).
/// </summary>
internal static class AccountRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The shortest password, in characters as people count them.</summary>
    public const int MinPasswordLength = 10;

    /// <summary>The longest password, in UTF-16 units: enough for any sentence, and an end to what a stranger can make us hash.</summary>
    public const int MaxPasswordLength = 512;

    /// <summary>The first thing that is wrong, or null.</summary>
    public static AccountProblem? Check(string name, string password)
    {
        if (CheckName(name) is { } problem) return problem;
        if (password.Length > MaxPasswordLength) return AccountProblem.PasswordTooLong;

        var characters = new StringInfo(password).LengthInTextElements;
        if (characters < MinPasswordLength) return AccountProblem.PasswordTooShort;
        if (password.Equals(name, StringComparison.OrdinalIgnoreCase)) return AccountProblem.PasswordIsName;
        return password.Distinct().Count() == 1 ? AccountProblem.PasswordTooSimple : null;
    }

    /// <summary>The first thing that is wrong with a name, or null.</summary>
    public static AccountProblem? CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name)) return AccountProblem.NameMissing;
        if (name.Length > MaxNameLength) return AccountProblem.NameTooLong;
        return name.Trim().Length != name.Length || name.Any(char.IsControl) ? AccountProblem.NameHasControls : null;
    }
}
