using System.Text.RegularExpressions;

namespace Aggregator.Core.Routing;

/// <summary>Regular expressions of rules: never backtracking, so that no pattern and no entry can make one slow.</summary>
internal static class RoutingPattern
{
    // Linear, but with a factor that grows with the pattern; this is far more than any honest one takes.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Why a pattern cannot be used, or null.</summary>
    public static string? Problem(string pattern)
    {
        try
        {
            _ = Compile(pattern);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
        catch (NotSupportedException)
        {
            // Look-around, back references, and repetitions that would become millions of states.
            return "look-around, back references, atomic groups and very large repetitions are not possible here.";
        }
    }

    /// <summary>The pattern, ready for use.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It cannot be matched in linear time.</exception>
    public static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Longest);
}
