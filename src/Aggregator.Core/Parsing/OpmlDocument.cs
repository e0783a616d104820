namespace Aggregator.Core.Parsing;

/// <summary>A subscription list (OPML 2.0).</summary>
public sealed record OpmlDocument
{
    /// <summary>The list's title, or null.</summary>
    public string? Title { get; init; }

    /// <summary>The other elements of its <c>head</c> with text in them, in document order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Head { get; init; } = [];

    /// <summary>The outlines at the top.</summary>
    public required IReadOnlyList<OpmlOutline> Outlines { get; init; }

    /// <summary>What had to be mended to read it, each a short English phrase.</summary>
    public IReadOnlyList<string> Repairs { get; init; } = [];

    /// <summary>Every outline with an address, in document order, with the names of the folders around it from the outside in.</summary>
    public IEnumerable<(OpmlOutline Outline, IReadOnlyList<string> Folders)> Feeds()
    {
        var stack = new Stack<(OpmlOutline Outline, IReadOnlyList<string> Folders)>();
        for (var i = Outlines.Count - 1; i >= 0; i--) stack.Push((Outlines[i], []));
        while (stack.TryPop(out var next))
        {
            if (next.Outline.XmlUrl is not null) yield return next;
            if (next.Outline.Outlines.Count == 0) continue;
            IReadOnlyList<string> folders = next.Outline.XmlUrl is null ? [.. next.Folders, next.Outline.DisplayName] : next.Folders;
            for (var i = next.Outline.Outlines.Count - 1; i >= 0; i--) stack.Push((next.Outline.Outlines[i], folders));
        }
    }
}
