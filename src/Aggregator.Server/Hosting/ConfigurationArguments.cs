namespace Aggregator.Server.Hosting;

/// <summary>
/// Settings may stand on the command line of every command (<c>--Fetching:Timeout=00:00:10</c>, <c>--urls http://…</c>).
/// They are told from the command's own options by the colon in their key, or by being one of ASP.NET Core's own two.
/// </summary>
internal static class ConfigurationArguments
{
    private static readonly string[] WithoutColon = ["--urls", "--environment"];

    /// <summary>Splits arguments into settings and the rest, each in their order.</summary>
    public static (string[] Settings, string[] Others) Split(IReadOnlyList<string> arguments)
    {
        var settings = new List<string>();
        var rest = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? argument : argument[..equals];
            if (!IsSetting(key))
            {
                rest.Add(argument);
            }
            else
            {
                settings.Add(argument);
                if (equals < 0 && i + 1 < arguments.Count) settings.Add(arguments[++i]);
            }
        }

        return ([.. settings], [.. rest]);
    }

    private static bool IsSetting(string key) =>
        key.StartsWith("--", StringComparison.Ordinal)
        && (WithoutColon.Contains(key, StringComparer.OrdinalIgnoreCase)
            || (key.Contains(':', StringComparison.Ordinal) && key.AsSpan(2).IndexOfAnyExcept(KeyCharacters) < 0));

    private static readonly System.Buffers.SearchValues<char> KeyCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.-");
}
