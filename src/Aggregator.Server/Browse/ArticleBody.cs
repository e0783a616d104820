using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Aggregator.Server.Browse;

/// <summary>
/// A stored body as pages show it. What is stored says nothing of how a page loads it: here pictures wait until they come into sight, nobody
/// is told which page shows them, and of films and recordings nothing is fetched before they are played.
/// </summary>
internal static class ArticleBody
{
    private static readonly Regex Loaded = new(@"<(?:img|video|audio)[\s/>]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The markup of a body that the sanitiser has written: in it no attribute and no text holds a "&lt;" of its own.</summary>
    public static MarkupString Of(string content) => new(Loaded.Replace(content, static tag => tag.ValueSpan switch
    {
        [.. var name, var end] when name.EndsWith("img", StringComparison.Ordinal) => $"<img loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\"{end}",
        [.. var name, var end] => $"{name} preload=\"none\"{end}",
        _ => "",
    }));
}
