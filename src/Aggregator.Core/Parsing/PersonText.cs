using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>Reads somebody's name and address out of one line: <c>mail@host (Name)</c>, <c>Name &lt;mail@host&gt;</c>, either alone.</summary>
internal static class PersonText
{
    internal static Person? Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0) return null;
        var at = text.IndexOf('@');
        if (at <= 0) return new Person(text);

        int start = at, end = at + 1;
        while (start > 0 && IsMail(text[start - 1])) start--;
        while (end < text.Length && IsMail(text[end])) end++;
        var email = text[start..end].Trim('.');
        if (email.Length < 3 || email[0] == '@' || email[^1] == '@') return new Person(text);

        var before = text[..start].TrimEnd();
        if (before.EndsWith("mailto:", StringComparison.OrdinalIgnoreCase)) before = before[..^7].TrimEnd();
        var after = text[end..].TrimStart();
        // The brackets around the address: "Ann <mail@host>", "Ann (mail@host)".
        if (before.Length > 0 && after.Length > 0 && (before[^1], after[0]) is ('<', '>') or ('(', ')') or ('[', ']'))
        {
            before = before[..^1].TrimEnd();
            after = after[1..].TrimStart();
        }

        var name = (before + " " + after).Trim().Trim('<', '>', '[', ']', ',', ';', ':').Trim();
        if (name.Length > 1 && name[0] == '(' && name[^1] == ')') name = name[1..^1].Trim();
        else if (name.EndsWith("()", StringComparison.Ordinal)) name = name[..^2].TrimEnd();
        else if (name.EndsWith('(') || name.StartsWith(')')) name = name.Trim('(', ')', ' ');
        return name.Length == 0 ? new Person(email, email) : new Person(name.Trim('"'), email);
    }

    private static bool IsMail(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '%' or '\'' or '!' or '#' or '$' or '&' or '*' or '=' or '~';
}
