using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;

namespace Aggregator.Core.Routing;

/// <summary>An entry as rules see it: plain texts, at most <see cref="RoutingRules.MaxInputLength"/> characters each.</summary>
/// <param name="entry">The entry, with its body where rules ask for it.</param>
/// <param name="source">Its source.</param>
public sealed class RoutingSubject(Entry entry, Source source)
{
    private string? _content;

    /// <summary>The values of a field; none when the entry has none.</summary>
    public IEnumerable<string> Of(RoutingField field) => field switch
    {
        RoutingField.Title => One(entry.Title),
        RoutingField.Summary => One(entry.Summary),
        RoutingField.Content => One(_content ??= entry.Content is null ? "" : PlainText.FromHtml(entry.Content, RoutingRules.MaxInputLength)),
        RoutingField.Author => entry.Authors.Select(author => Cut(author.Name)),
        RoutingField.Link => One(entry.Url),
        RoutingField.Tag => entry.Tags.Select(Cut),
        RoutingField.Source => One(PublicSourceAddress.Title(source)).Concat(One(PublicSourceAddress.Own(source))),
        RoutingField.Language => One(entry.Language),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "Unknown field."),
    };

    private static IEnumerable<string> One(string? value) => string.IsNullOrEmpty(value) ? [] : [Cut(value)];

    private static string Cut(string value) => value.Length <= RoutingRules.MaxInputLength ? value : value[..RoutingRules.MaxInputLength];
}
