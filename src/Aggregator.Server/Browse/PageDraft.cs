using Aggregator.Server.Publish;
using Microsoft.AspNetCore.Components;

namespace Aggregator.Server.Browse;

/// <summary>A page that has been read and not been rendered yet.</summary>
internal sealed class PageDraft
{
    private readonly Func<PageRenderer, PageRequest, Task<byte[]>> _render;

    private PageDraft(Func<PageRenderer, PageRequest, Task<byte[]>> render) => _render = render;

    /// <summary>The topics whose change makes another page, as they stood before the page was read.</summary>
    public required IReadOnlyList<(TopicName Name, PublishedTopic Topic)> Topics { get; init; }

    /// <summary>The categories in its header, as <see cref="Navigation"/> gave them.</summary>
    public required object Navigation { get; init; }

    /// <summary>What it may load and do.</summary>
    public string Policy { get; init; } = PageResult.ContentSecurityPolicy;

    /// <summary>Its header <c>Link</c>, or null.</summary>
    public string? Link { get; init; }

    /// <summary>Its header <c>Memento-Datetime</c>, or null.</summary>
    public string? MementoDatetime { get; init; }

    /// <summary>The draft of a page with that model.</summary>
    public static PageDraft Of<TPage>(
        object model, object navigation, IReadOnlyList<(TopicName Name, PublishedTopic Topic)> topics, string? policy = null, string? link = null, string? mementoDatetime = null)
        where TPage : IComponent =>
        new((renderer, request) => renderer.RenderAsync<TPage>(model, request))
        {
            Topics = topics,
            Navigation = navigation,
            Policy = policy ?? PageResult.ContentSecurityPolicy,
            Link = link,
            MementoDatetime = mementoDatetime,
        };

    /// <summary>Renders it.</summary>
    public Task<byte[]> RenderAsync(PageRenderer renderer, PageRequest request) => _render(renderer, request);
}
