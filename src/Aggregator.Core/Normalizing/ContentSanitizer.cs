using System.Buffers;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// Our allow-list. Everything from outside that is shown as HTML passes it, on every entrance: feed, page, import, API.
/// It keeps what makes an article (text structure, tables, figures, pictures, sound and video, ruby, direction and language)
/// and nothing that acts: no scripts, handlers, forms, frames, styles, ids or names. Thread-safe.
/// </summary>
/// <remarks>
/// One pass over the text, without a tree. What comes out is written by us, tag by tag: only elements and attributes of the
/// list, every end tag in its place, every <c>&lt;</c> and quote escaped, no comments, and no element in which a browser reads
/// text by other rules. So there is nothing left for a second parser to understand differently.
/// </remarks>
/// <param name="maxDepth">How deep elements may nest; the tags of deeper ones are left out.</param>
public sealed class ContentSanitizer(int maxDepth = NormalizerLimits.MaxMarkupDepth)
{
    /// <summary>The markup that our allow-list leaves of <paramref name="html"/>, with absolute addresses, and without white space around it.</summary>
    /// <param name="html">What came from outside.</param>
    /// <param name="baseUrl">What its relative addresses are relative to; without one they are removed.</param>
    public string Sanitize(string html, Uri? baseUrl = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        if (html.Length == 0) return html;
        html = PlainText.WithoutInvalid(html);
        var length = html.Length;
        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(1024, length + length / 8));
        var pass = new SanitizerPass(html, baseUrl, buffer, maxDepth);
        try
        {
            return pass.Run();
        }
        finally
        {
            ArrayPool<char>.Shared.Return(pass.Buffer);
        }
    }
}
