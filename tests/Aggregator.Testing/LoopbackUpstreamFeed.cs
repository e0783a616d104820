using System.Globalization;
using System.IO.Compression;

namespace Aggregator.Testing;

/// <summary>One source's entries and the document they make, which is rendered once per change.</summary>
internal sealed class LoopbackUpstreamFeed
{
    private readonly LoopbackUpstreamOptions _options;
    private readonly Lock _gate = new();
    private readonly List<LoopbackUpstreamEntry> _entries = [];
    private int _version;
    private Rendered? _rendered;

    internal LoopbackUpstreamFeed(LoopbackUpstreamOptions options, LoopbackUpstreamSource source)
    {
        _options = options;
        Source = source;
        Add(options.EntriesPerSource);
    }

    internal LoopbackUpstreamSource Source { get; }

    internal LoopbackUpstreamCounter Counter { get; } = new();

    internal LoopbackUpstreamFault? Fault { get; set; }

    internal LoopbackUpstreamEntry[] Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    internal LoopbackUpstreamEntry? Find(int serial)
    {
        lock (_gate) return serial >= 0 && serial < _entries.Count ? _entries[serial] : null;
    }

    internal LoopbackUpstreamEntry[] Publish(int count)
    {
        lock (_gate)
        {
            var first = _entries.Count;
            Add(count);
            Changed();
            return [.. _entries.Skip(first)];
        }
    }

    internal LoopbackUpstreamEntry[] Edit(int count)
    {
        lock (_gate)
        {
            if (count > _entries.Count)
                throw new ArgumentOutOfRangeException(nameof(count), count, $"Source {Source.Index} has {_entries.Count} entries only.");
            for (var serial = _entries.Count - count; serial < _entries.Count; serial++)
                _entries[serial] = Write(serial, _entries[serial].Edits + 1);
            Changed();
            return [.. _entries.Skip(_entries.Count - count)];
        }
    }

    internal Rendered Document()
    {
        lock (_gate)
        {
            if (_rendered is not null) return _rendered;
            var modifiedAt = _options.FirstPublishedAt + (_entries.Count * TimeSpan.FromMinutes(10)) + TimeSpan.FromSeconds(_version);
            var plain = LoopbackUpstreamRenderer.Render(
                Source, _entries.AsEnumerable().Reverse().Take(_options.MaxEntriesInDocument), modifiedAt);
            return _rendered = new Rendered
            {
                Plain = plain,
                Gzip = Compress(plain),
                Tag = string.Create(CultureInfo.InvariantCulture, $"{_options.Seed}-{Source.Index}-{_version}"),
                ModifiedAt = modifiedAt,
            };
        }
    }

    private static byte[] Compress(byte[] plain)
    {
        using var compressed = new MemoryStream(plain.Length / 2);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return compressed.ToArray();
    }

    private void Changed()
    {
        _version++;
        _rendered = null;
    }

    private void Add(int count)
    {
        for (var serial = _entries.Count; count > 0; serial++, count--)
            _entries.Add(Write(serial, 0));
    }

    private LoopbackUpstreamEntry Write(int serial, int edits)
    {
        var chinese = Source.Language.StartsWith("zh", StringComparison.Ordinal);
        var random = LoopbackUpstreamText.RandomFor(_options.Seed, Source.Index, serial, edits);
        var url = new Uri(Source.Url, string.Create(CultureInfo.InvariantCulture, $"/articles/{Source.Index}/{serial}"));
        var publishedAt = _options.FirstPublishedAt + (serial * TimeSpan.FromMinutes(10)) + TimeSpan.FromSeconds(Source.Index % 600);
        return new LoopbackUpstreamEntry
        {
            Source = Source.Index,
            Serial = serial,
            Id = Source.Format == LoopbackUpstreamFormat.Rss10
                ? url.AbsoluteUri
                : string.Create(CultureInfo.InvariantCulture, $"tag:loopback.example,2026:{Source.Index}/{serial}"),
            Url = url,
            Title = LoopbackUpstreamText.Title(random, chinese, Source.Index, serial, edits),
            Author = chinese ? "林一舟" : "Robin Hale",
            Html = LoopbackUpstreamText.Html(random, chinese, _options.Paragraphs),
            PublishedAt = publishedAt,
            UpdatedAt = publishedAt + TimeSpan.FromMinutes(edits),
            Edits = edits,
        };
    }

    /// <summary>A document ready to be sent.</summary>
    internal sealed record Rendered
    {
        internal required byte[] Plain { get; init; }

        internal required byte[] Gzip { get; init; }

        internal required string Tag { get; init; }

        internal required DateTimeOffset ModifiedAt { get; init; }
    }
}
