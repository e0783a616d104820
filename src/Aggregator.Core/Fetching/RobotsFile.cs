using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Aggregator.Core.Fetching;

/// <summary>
/// What a host's <c>/robots.txt</c> asks of crawlers (RFC 9309). Text in, decisions out: fetching and caching it is done
/// elsewhere. Immutable and thread-safe. Reading is liberal (misspelt directives, a missing colon, values of any encoding),
/// always in the direction that leaves the publisher alone.
/// </summary>
public sealed class RobotsFile
{
    /// <summary>How much of a file is read, in bytes (RFC 9309 §2.5 asks for at least 500 KiB). What comes after it is not there.</summary>
    public const int MaxBytes = 500 * 1024;

    /// <summary>The longest pause that a file can ask for: with a longer one the host would hardly be read at all.</summary>
    public static readonly TimeSpan MaxCrawlDelay = TimeSpan.FromMinutes(5);

    /// <summary>Nothing is asked: the file is unavailable (RFC 9309 §2.3.1.3, status 400 to 499) or empty.</summary>
    public static readonly RobotsFile AllowAll = new(FrozenDictionary<string, RobotsGroup[]>.Empty);

    /// <summary>Nothing may be read: the file is unreachable (RFC 9309 §2.3.1.4, status 500 to 599, or no answer at all).</summary>
    public static readonly RobotsFile DisallowAll = Parse("user-agent: *\ndisallow: /"u8);

    private readonly FrozenDictionary<string, RobotsGroup[]> _groups;

    private RobotsFile(FrozenDictionary<string, RobotsGroup[]> groups) => _groups = groups;

    /// <summary>What holds when the file did not come with a success (RFC 9309 §2.3.1).</summary>
    /// <param name="status">The HTTP status; null when the host did not answer.</param>
    /// <returns>
    /// <see cref="AllowAll"/> for 400 to 499 and for redirects that lead nowhere, <see cref="DisallowAll"/> for everything
    /// else; 429 counts as unreachable, because a host that asks for fewer requests has not said that there are no rules.
    /// </returns>
    public static RobotsFile ForFailure(int? status) => status is >= 300 and < 500 and not 429 ? AllowAll : DisallowAll;

    /// <summary>Reads a file. Never throws on content: what is no directive is skipped.</summary>
    /// <param name="file">The bytes as they came; no more than <see cref="MaxBytes"/> of them are looked at.</param>
    public static RobotsFile Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxBytes)
        {
            // Half of a line would be another rule: "/" of "/private".
            var end = file[..MaxBytes].LastIndexOfAny((byte)'\n', (byte)'\r');
            file = end < 0 ? [] : file[..end];
        }

        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        var groups = new Dictionary<string, List<RobotsGroup>>(StringComparer.Ordinal);
        RobotsGroup? group = null;
        List<string> agents = [];
        while (file.Length > 0)
        {
            var end = file.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? [] : file[(end + 1)..];
            var comment = line.IndexOf((byte)'#');
            if (comment >= 0) line = line[..comment];
            var (name, value) = Directive(Trim(line));
            switch (name)
            {
                case RobotsDirectiveName.UserAgent:
                    if (group is null || group.Rules.Count > 0 || group.HasEmptyRule)
                    {
                        group = new RobotsGroup();
                        agents.Clear();
                    }

                    var agent = Token(value);
                    if (agent.Length == 0 || agents.Contains(agent)) break;
                    agents.Add(agent);
                    if (!groups.TryGetValue(agent, out var known)) groups[agent] = known = [];
                    known.Add(group);
                    break;
                case RobotsDirectiveName.Allow or RobotsDirectiveName.Disallow when group is not null:
                    if (RobotsRule.Create(value, name == RobotsDirectiveName.Allow) is { } rule) group.Rules.Add(rule);
                    else group.HasEmptyRule = true;
                    break;
                case RobotsDirectiveName.CrawlDelay when group is not null:
                    if (Delay(value) is { } delay && (group.CrawlDelay is not { } other || delay > other)) group.CrawlDelay = delay;
                    break;
            }
        }

        return new RobotsFile(groups.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Value.ToArray(), StringComparer.Ordinal));
    }

    /// <summary>
    /// Whether the address may be fetched: the longest rule that matches decides, and <c>allow</c> among equals (RFC 9309
    /// §2.2.2). The groups of the agent count; only without one, those of <c>*</c>. <c>/robots.txt</c> itself always may.
    /// </summary>
    /// <param name="productToken">Our name, such as <c>Aggregator</c>; what follows a slash or space is left away, case does not matter.</param>
    /// <param name="url">An absolute address of the host that the file came from.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or the token holds no letter.</exception>
    public bool IsAllowed(string productToken, Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri) throw new ArgumentException($"'{url}' is no absolute address.", nameof(url));
        var path = RobotsRule.Path(url);
        if (path == "/robots.txt") return true;
        RobotsRule? best = null;
        foreach (var group in Groups(productToken))
            foreach (var rule in group.Rules)
                if ((best is null || rule.Length > best.Length || (rule.Length == best.Length && rule.IsAllow)) && rule.Matches(path))
                    best = rule;
        return best is null || best.IsAllow;
    }

    /// <summary>
    /// The pause between two requests that the file asks of us, at most <see cref="MaxCrawlDelay"/>; null when it asks for none.
    /// No part of RFC 9309, but widely written. Of several the longest holds.
    /// </summary>
    /// <param name="productToken">As for <see cref="IsAllowed"/>.</param>
    /// <exception cref="ArgumentException">The token holds no letter.</exception>
    public TimeSpan? CrawlDelay(string productToken)
    {
        TimeSpan? longest = null;
        foreach (var group in Groups(productToken))
            if (group.CrawlDelay is { } delay && (longest is not { } other || delay > other))
                longest = delay;
        return longest;
    }

    private RobotsGroup[] Groups(string productToken)
    {
        ArgumentNullException.ThrowIfNull(productToken);
        var token = Token(Encoding.UTF8.GetBytes(productToken));
        if (token.Length == 0) throw new ArgumentException($"'{productToken}' is no product token.", nameof(productToken));
        return _groups.TryGetValue(token, out var own) ? own : _groups.GetValueOrDefault("*", []);
    }

    private static (RobotsDirectiveName Name, byte[] Value) Directive(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        ReadOnlySpan<byte> name, value;
        if (colon >= 0)
        {
            name = Trim(line[..colon]);
            value = Trim(line[(colon + 1)..]);
        }
        else
        {
            // "Disallow /private" is meant as it looks.
            var space = line.IndexOfAny((byte)' ', (byte)'\t');
            if (space < 0) return default;
            name = line[..space];
            value = Trim(line[space..]);
        }

        if (name.Length is 0 or > 32) return default;
        var known = Encoding.ASCII.GetString(name).ToLowerInvariant() switch
        {
            "user-agent" or "useragent" or "user agent" or "user_agent" => RobotsDirectiveName.UserAgent,
            "allow" => RobotsDirectiveName.Allow,
            "disallow" or "dissallow" or "dissalow" or "disalow" or "diasllow" or "disallaw" => RobotsDirectiveName.Disallow,
            "crawl-delay" or "crawldelay" or "crawl delay" => RobotsDirectiveName.CrawlDelay,
            _ => RobotsDirectiveName.None,
        };
        return known == RobotsDirectiveName.None ? default : (known, value.ToArray());
    }

    /// <summary>
    /// The product token in lower case. RFC 9309 allows letters, <c>_</c> and <c>-</c>; digits are read too, or "MJ12bot"
    /// would be "MJ" and "360Spider" nobody.
    /// </summary>
    private static string Token(ReadOnlySpan<byte> value)
    {
        value = Trim(value);
        if (value.StartsWith("*"u8)) return value.Length == 1 || value[1] is (byte)' ' or (byte)'\t' ? "*" : "";
        var length = 0;
        while (length < value.Length && (char.IsAsciiLetterOrDigit((char)value[length]) || value[length] is (byte)'-' or (byte)'_')) length++;
        return Encoding.ASCII.GetString(value[..length]).ToLowerInvariant();
    }

    private static TimeSpan? Delay(ReadOnlySpan<byte> value) =>
        decimal.TryParse(Encoding.ASCII.GetString(value), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds >= (decimal)MaxCrawlDelay.TotalSeconds ? MaxCrawlDelay : TimeSpan.FromMilliseconds((double)(seconds * 1000))
            : null;

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t\0\v\f"u8);

    private enum RobotsDirectiveName
    {
        None,
        UserAgent,
        Allow,
        Disallow,
        CrawlDelay,
    }

    private sealed class RobotsGroup
    {
        internal List<RobotsRule> Rules { get; } = [];

        /// <summary>An empty <c>disallow</c> forbids nothing, but it ends the list of agents as every rule does.</summary>
        internal bool HasEmptyRule { get; set; }

        internal TimeSpan? CrawlDelay { get; set; }
    }
}
