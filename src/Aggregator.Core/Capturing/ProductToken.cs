namespace Aggregator.Core.Capturing;

/// <summary>Our name as robots.txt and robots directives call us (RFC 9309 §2.2.1).</summary>
public static class ProductToken
{
    /// <summary>What we are called unless an operator's <c>Fetching:UserAgent</c> says otherwise.</summary>
    public const string Default = "Aggregator";

    /// <summary>The product token of a <c>User-Agent</c>: the letters, <c>-</c> and <c>_</c> that it begins with; the default for none.</summary>
    public static string Of(string? userAgent)
    {
        var length = 0;
        while (length < userAgent?.Length && (char.IsAsciiLetterOrDigit(userAgent[length]) || userAgent[length] is '-' or '_')) length++;
        return length == 0 ? Default : userAgent![..length];
    }
}
