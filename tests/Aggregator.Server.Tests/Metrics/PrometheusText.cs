using System.Globalization;
using System.Text.RegularExpressions;

namespace Aggregator.Server.Tests.Metrics;

/// <summary>Reads Prometheus's text form (exposition format 0.0.4 and OpenMetrics), and fails on what is not that.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    public IEnumerable<string> Series => _samples.Keys;

    public static PrometheusText Parse(string text)
    {
        var parsed = new PrometheusText();
        var typed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                var words = line.Split(' ');
                if (words is ["#", "TYPE", var name, ..] && !typed.Add(name)) throw new FormatException($"Two types of {name}.");
                if (line != "# EOF" && words is not ["#", "TYPE" or "HELP" or "UNIT", _, ..]) throw new FormatException(line);
                continue;
            }

            var match = Sample().Match(line);
            if (!match.Success) throw new FormatException(line);
            // What the exporter says of where a sample came from is the same for all of ours.
            var labels = Label().Matches(match.Groups["labels"].Value)
                .Where(label => !label.Groups[1].Value.StartsWith("otel_scope_", StringComparison.Ordinal))
                .Select(label => label.Value).Order(StringComparer.Ordinal);
            var series = match.Groups["name"].Value + "{" + string.Join(',', labels) + "}";
            if (!parsed._samples.TryAdd(series, double.Parse(match.Groups["value"].Value.Replace("+Inf", "∞", StringComparison.Ordinal), CultureInfo.InvariantCulture)))
                throw new FormatException($"Two samples of {series}.");
        }

        return parsed;
    }

    /// <summary>The sample of a series, written as <c>name{label="value"}</c> with labels in order; 0 when there is none.</summary>
    public double this[string series] => _samples.GetValueOrDefault(series);

    /// <summary>All samples of a name together.</summary>
    public double Sum(string name) => _samples.Where(sample => sample.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(sample => sample.Value);

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*)\})? (?<value>[-+0-9.eEInfNa]+)( [0-9.]+)?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]|\\.)*"  """, RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Label();
}
