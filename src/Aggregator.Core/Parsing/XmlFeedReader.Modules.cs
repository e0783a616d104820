using System.Globalization;
using Aggregator.Core.Extracting;
using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <content>The smaller vocabularies.</content>
internal sealed partial class XmlFeedReader
{
    private bool ReadPodcast(EntryDraft entry, string name)
    {
        switch (name)
        {
            case "author": AddPerson(ref entry.OtherAuthors, ReadPerson()); return true;
            case "summary" or "description": OfferSummary(entry, ReadMarkup(ParsedTextKind.Unknown), 2); return true;
            case "subtitle": OfferSummary(entry, ReadMarkup(ParsedTextKind.Unknown), 1); return true;
            case "title": entry.OtherTitle ??= ReadMarkup(ParsedTextKind.Unknown); return true;
            case "image": entry.Image ??= ReadImage(); return true;
            case "keywords":
                foreach (var keyword in ReadText().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) Add(ref entry.Categories, keyword);
                return true;
            case "category":
                AddCategory(entry, _xml.GetAttribute("text"));
                return true;
            case "duration": Podcast(entry, podcast => podcast with { Duration = podcast.Duration ?? Duration(ReadText()) }); return true;
            case "season": Podcast(entry, podcast => podcast with { Season = podcast.Season ?? Ordinal(ReadText()) }); return true;
            case "episode": Podcast(entry, podcast => podcast with { Episode = podcast.Episode ?? Ordinal(ReadText()) }); return true;
            case "episodetype": Podcast(entry, podcast => podcast with { EpisodeType = podcast.EpisodeType ?? NullIfEmpty(ReadText())?.ToLowerInvariant() }); return true;
            case "explicit":
                var word = ReadText().Trim().ToLowerInvariant();
                Podcast(entry, podcast => podcast with { IsExplicit = word switch { "yes" or "true" or "explicit" => true, "no" or "false" or "clean" => false, _ => podcast.IsExplicit } });
                return true;
            case "chapters":
                var chapters = Resolved(_xml.GetAttribute("url"));
                Podcast(entry, podcast => podcast with { ChaptersUrl = podcast.ChaptersUrl ?? chapters });
                Skip();
                return true;
            case "transcript":
                var transcript = Resolved(_xml.GetAttribute("url"));
                Podcast(entry, podcast => podcast with { TranscriptUrl = podcast.TranscriptUrl ?? transcript });
                Skip();
                return true;
            default: return false;
        }
    }

    private static void Podcast(EntryDraft entry, Func<ParsedPodcast, ParsedPodcast> change) => entry.More.Podcast = change(entry.More.Podcast ?? new ParsedPodcast());

    private void ReadMedia(EntryDraft entry, string name)
    {
        switch (name)
        {
            case "group" or "content" or "player" or "embed":
                if (NullIfEmpty(_xml.GetAttribute("url")) is { } url)
                {
                    var type = NullIfEmpty(_xml.GetAttribute("type")) ?? (_xml.GetAttribute("medium") == "image" ? "image" : null);
                    url = Absolute(url, _base);
                    if (name == "content") Add(ref entry.Media, new Model.Enclosure(url, type, Length(_xml.GetAttribute("fileSize"))));
                    if (type?.StartsWith("image", StringComparison.OrdinalIgnoreCase) == true) entry.Thumbnail ??= url;
                }

                for (var depth = Enter(); NextChild(depth);)
                    if (Module() == XmlModule.Media && _xml.Depth < ParserLimits.MaxDepth) ReadMedia(entry, Name());
                    else Skip();
                return;
            case "thumbnail":
                entry.Thumbnail ??= Resolved(_xml.GetAttribute("url"));
                Skip();
                return;
            case "title": entry.OtherTitle ??= ReadMarkup(ParsedTextKind.Unknown); return;
            case "description": OfferSummary(entry, ReadMarkup(_xml.GetAttribute("type") == "html" ? ParsedTextKind.Html : ParsedTextKind.Unknown), 3); return;
            case "category":
                AddCategory(entry, null);
                return;
            case "keywords":
                foreach (var keyword in ReadText().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) Add(ref entry.Categories, keyword);
                return;
            default:
                Skip();
                return;
        }
    }

    /// <summary>
    /// A licence: its address is the text (Creative Commons in RSS 2.0, Dublin Core), <c>rdf:resource</c> (Creative Commons in RSS 1.0), or
    /// <c>href</c> (Media RSS).
    /// </summary>
    private void ReadLicense(ref string? license)
    {
        var named = _xml.HasAttributes ? NullIfEmpty(_xml.GetAttribute("resource", XmlModules.Rdf)) ?? NullIfEmpty(_xml.GetAttribute("href")) : null;
        var address = (named ?? ReadText()).Trim();
        if (named is not null) Skip();
        // Dublin Core's may be a sentence, or the name of a licence.
        if (named is not null || Urls.IsHttp(address)) license ??= Resolved(address);
    }

    /// <summary>Whether an element says how its publisher wants to be republished.</summary>
    private static bool IsWish(XmlModule module, string name) => module switch
    {
        XmlModule.AccessControl => name == "restriction",
        XmlModule.Xhtml => name == "meta",
        _ => name == "block",
    };

    /// <summary>
    /// <c>block</c> of the podcast vocabularies, where only "yes" says anything, and an <c>id</c> that it is for one service; a
    /// <c>restriction</c> of Feed Access Control; robots directives in a <c>meta</c> of XHTML.
    /// </summary>
    private PublisherWishes ReadWish(string name)
    {
        switch (name)
        {
            case "block":
                var isForAll = NullIfEmpty(_xml.GetAttribute("id")) is null;
                return ReadText().Trim().ToLowerInvariant() is "yes" or "true" && isForAll ? PublisherWishes.Blocked : PublisherWishes.None;
            case "restriction":
                var relationship = _xml.GetAttribute("relationship")?.Trim();
                Skip();
                return "deny".Equals(relationship, StringComparison.OrdinalIgnoreCase) ? PublisherWishes.Denied : PublisherWishes.None;
            default:
                var directives = RobotsDirectives.FromMeta(_xml.GetAttribute("name"), _xml.GetAttribute("content"), _productToken);
                Skip();
                return directives.AllowsCopies ? PublisherWishes.None : PublisherWishes.NotArchived;
        }
    }

    /// <summary>slash, thr, wfw, GeoRSS, W3C Geo and mod_aggregation. False when the element is none of theirs.</summary>
    private bool ReadSmallModule(EntryDraft entry, XmlModule module, string name)
    {
        switch (module, name)
        {
            case (XmlModule.Slash, "comments") or (XmlModule.Threading, "total"):
                entry.More.CommentCount ??= Ordinal(ReadText());
                return true;
            case (XmlModule.Threading, "in-reply-to"):
                entry.More.InReplyTo ??= NullIfEmpty(_xml.GetAttribute("ref")) ?? Resolved(_xml.GetAttribute("href"));
                Skip();
                return true;
            case (XmlModule.WellFormedWeb, "commentrss"):
                entry.More.CommentsFeedUrl ??= Resolved(ReadText());
                return true;
            case (XmlModule.GeoRss, "point") or (XmlModule.GeoRss, "where"):
                entry.More.Location ??= Location(ReadText());
                return true;
            case (XmlModule.Geo, "lat"): entry.More.Latitude ??= Degrees(ReadText(), 90); return true;
            case (XmlModule.Geo, "long" or "lon"): entry.More.Longitude ??= Degrees(ReadText(), 180); return true;
            case (XmlModule.Geo, "point"):
                for (var depth = Enter(); NextChild(depth);)
                    if (!ReadSmallModule(entry, Module(), Name() is "point" ? "" : Name()))
                        Skip();
                return true;
            case (XmlModule.Aggregation, "source"): entry.More.AggregatedFrom ??= NullIfEmpty(ReadText()); return true;
            case (XmlModule.Aggregation, "sourceurl"): entry.More.AggregatedFromUrl ??= Resolved(ReadText()); return true;
            case (XmlModule.Aggregation, "timestamp"): entry.OtherDate ??= ReadDate(); return true;
            default: return false;
        }
    }

    private void ReadTombstone()
    {
        var id = NullIfEmpty(_xml.GetAttribute("ref"));
        var when = DateParser.Parse(_xml.GetAttribute("when"), _dates);
        string? comment = null;
        for (var depth = Enter(); NextChild(depth);)
            if (Name() is "comment") comment ??= NullIfEmpty(ReadText());
            else Skip();
        if (id is not null && (_feed.Tombstones ??= []).Count < ParserLimits.MaxEntries) _feed.Tombstones.Add(new ParsedTombstone(id, when, comment));
    }

    /// <summary><c>1:02:03</c>, <c>62:03</c> or seconds.</summary>
    private static TimeSpan? Duration(string text)
    {
        double seconds = 0;
        var parts = text.Trim().Split(':');
        if (parts.Length > 3) return null;
        foreach (var part in parts)
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > 1_000_000) return null;
            seconds = seconds * 60 + value;
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private static int? Ordinal(string text)
    {
        text = text.Trim();
        if (text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot) text = text[..dot];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static ParsedLocation? Location(string text)
    {
        var parts = text.Split([' ', ',', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 2 && Degrees(parts[0], 90) is { } latitude && Degrees(parts[1], 180) is { } longitude ? new ParsedLocation(latitude, longitude) : null;
    }

    private static double? Degrees(string text, double limit) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= limit ? value : null;
}
