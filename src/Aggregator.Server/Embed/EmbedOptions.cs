namespace Aggregator.Server.Embed;

/// <summary>The section <c>Embed</c> of the configuration: which sites may show our lists in a frame.</summary>
public sealed class EmbedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Embed";

    /// <summary>The most sites in one list: the list goes into a header of every answer.</summary>
    public const int MaxAncestors = 100;

    /// <summary>
    /// The sites that may frame a category, as sources of CSP's <c>frame-ancestors</c>: <c>*</c>, <c>https://news.example.org</c>,
    /// <c>https://*.example.org</c>. Empty, the default, is every site. Our own pages always may.
    /// </summary>
    public IList<string> FrameAncestors { get; } = [];

    /// <summary>Lists for single categories by slug; such a list takes the place of <see cref="FrameAncestors"/>.</summary>
    public IDictionary<string, List<string>> Categories { get; } = new Dictionary<string, List<string>>(StringComparer.Ordinal);

    /// <summary>The directive's value for a category.</summary>
    public string AncestorsOf(string slug)
    {
        var allowed = Categories.TryGetValue(slug, out var own) && own.Count > 0 ? own : FrameAncestors;
        return allowed.Count == 0 || allowed.Contains("*") ? "*" : "'self' " + string.Join(' ', allowed);
    }
}
