using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Api;

/// <summary>
/// Lays a JSON merge patch (RFC 7396) over the settings of a source. Whatever is not known, or of another kind than it should be, is
/// named, and then nothing is changed; whether the values can be used is for <see cref="SourceRules"/>.
/// </summary>
internal sealed class SourcePatch
{
    private readonly List<(string Field, string Sentence)> _problems = [];
    private readonly IReadOnlyList<Category> _categories;

    private SourcePatch(IReadOnlyList<Category> categories) => _categories = categories;

    /// <summary>The settings as the patch wants them, or what is wrong with it, by field.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="now">The settings that it is laid over.</param>
    /// <param name="categories">All categories.</param>
    public static (SourceEdit? Edit, IReadOnlyList<(string Field, string Sentence)> Problems) Apply(
        JsonElement patch, SourceEdit now, IReadOnlyList<Category> categories)
    {
        var reader = new SourcePatch(categories);
        var edit = reader.Apply(patch, now);
        return reader._problems.Count == 0 ? (edit, []) : (null, reader._problems);
    }

    /// <summary>
    /// The field of the first text that is none: half a character (<c>"\ud800"</c>, which JSON lets everybody write), or bytes that are no
    /// UTF-8. Null when all of it can be read.
    /// </summary>
    /// <param name="value">The patch, or a part of it.</param>
    /// <param name="field">Where the part stands.</param>
    public static string? Unreadable(JsonElement value, string field = "")
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return IsReadable(value.GetString) ? null : Bounded(field.Length == 0 ? "body" : field);
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(item => Unreadable(item, field)).FirstOrDefault(static found => found is not null);
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (!IsReadable(() => property.Name)) return Bounded(field.Length == 0 ? "body" : field);
                    if (Unreadable(property.Value, field.Length == 0 ? property.Name : field + "." + property.Name) is { } found) return found;
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsReadable(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            // The only word that the reader has for it.
            return false;
        }
    }

    private SourceEdit Apply(JsonElement patch, SourceEdit now)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            _problems.Add(("body", "This has to be an object with the settings to change."));
            return now;
        }

        // First of all the address: another origin starts without the secrets of the old one, and the patch may bring its own.
        var edit = now;
        if (patch.TryGetProperty("url", out var address) && Text("url", address) is { Length: > 0 } url && Meant("url", url, now.Url) is { } meant && meant != now.Url)
        {
            var read = Uri.TryCreate(meant, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : meant;
            edit = edit with { Url = read, FetchSettings = SourceForm.SettingsAt(read, now) };
        }

        foreach (var property in patch.EnumerateObject())
        {
            var (name, value) = (property.Name, property.Value);
            edit = name switch
            {
                "url" => value.ValueKind == JsonValueKind.Null ? Refused(edit, name, "A source has an address.") : edit,
                "title" => edit with { Title = Text(name, value) },
                "zone" => edit with { DefaultZone = Text(name, value) },
                "language" => edit with { DefaultLanguage = Text(name, value) },
                "minIntervalMinutes" => edit with { MinInterval = Minutes(name, value) },
                "maxIntervalMinutes" => edit with { MaxInterval = Minutes(name, value) },
                "state" => edit with { State = State(name, value) ?? edit.State },
                "categories" => edit with { CategoryIds = Categories(name, value) },
                "republish" => edit with { Republish = Level(name, value) },
                "publisherAgrees" => edit with { PublisherAgrees = Truth(name, value) },
                "capture" => edit with { Capture = Capture(value, edit.Capture ?? CapturePolicy.Off) },
                "request" => edit with { FetchSettings = Request(value, edit.FetchSettings ?? new FetchSettings()) },
                _ => Refused(edit, Bounded(name), "There is no such setting."),
            };
        }

        return edit;
    }

    private CapturePolicy Capture(JsonElement patch, CapturePolicy now)
    {
        if (patch.ValueKind == JsonValueKind.Null) return CapturePolicy.Off;
        if (!IsObject("capture", patch)) return now;
        foreach (var property in patch.EnumerateObject())
        {
            var (name, value) = ("capture." + property.Name, property.Value);
            now = property.Name switch
            {
                "mode" => now with { Mode = Mode(name, value) },
                "shortBelow" => now with { ShortBelow = Whole(name, value) },
                "keep" => now with { Keep = Texts(name, value) },
                "remove" => now with { Remove = Texts(name, value) },
                _ => Refused(now, Bounded(name), "There is no such setting."),
            };
        }

        return now;
    }

    private FetchSettings? Request(JsonElement patch, FetchSettings now)
    {
        if (patch.ValueKind == JsonValueKind.Null) return null;
        if (!IsObject("request", patch)) return now;
        foreach (var property in patch.EnumerateObject())
        {
            var (name, value) = ("request." + property.Name, property.Value);
            now = property.Name switch
            {
                "headers" => now with { Headers = Headers(name, value, now.Headers) },
                "cookies" => now with { Cookies = Text(name, value) },
                // Without a user there is nobody whose password it could be.
                "userName" => Text(name, value) is { } user ? now with { UserName = user } : now with { UserName = null, Password = null },
                "password" => now with { Password = Text(name, value) },
                "userAgent" => now with { UserAgent = Text(name, value) },
                "proxy" => now with { Proxy = Text(name, value) is { } proxy ? Meant(name, proxy, now.Proxy) : null },
                "pinnedCertificate" => now with { PinnedCertificate = Text(name, value) },
                "charset" => now with { Charset = Text(name, value) },
                _ => Refused(now, Bounded(name), "There is no such setting."),
            };
        }

        return now with { Headers = [] } == new FetchSettings() && now.Headers.Count == 0 ? null : now;
    }

    private List<RequestHeader> Headers(string field, JsonElement patch, IReadOnlyList<RequestHeader> now)
    {
        var headers = now.ToList();
        if (patch.ValueKind == JsonValueKind.Null) return [];
        if (!IsObject(field, patch)) return headers;
        foreach (var header in patch.EnumerateObject())
        {
            headers.RemoveAll(known => known.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
            if (Text(field + "." + Bounded(header.Name), header.Value) is { } value) headers.Add(new RequestHeader(header.Name, value));
        }

        return headers;
    }

    private List<long> Categories(string field, JsonElement value)
    {
        var ids = new List<long>();
        foreach (var slug in Texts(field, value))
        {
            if (_categories.FirstOrDefault(category => category.Slug == slug) is { } category) ids.Add(category.Id);
            else _problems.Add((field, $"There is no category of the slug \"{Bounded(slug)}\"."));
        }

        return ids;
    }

    private SourceState? State(string field, JsonElement value) => Word(value) switch
    {
        "active" => SourceState.Active,
        "paused" => SourceState.Paused,
        _ => Refused((SourceState?)null, field, "This has to be \"active\" or \"paused\"."),
    };

    private CaptureMode Mode(string field, JsonElement value)
    {
        var named = Word(value);
        foreach (var mode in Enum.GetValues<CaptureMode>())
            if (SourceSettingsDocument.NameOf(mode) == named)
                return mode;
        return Refused(CaptureMode.Off, field, "This has to be \"" + string.Join("\" or \"", Enum.GetValues<CaptureMode>().Select(SourceSettingsDocument.NameOf)) + "\".");
    }

    private RepublishLevel? Level(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? null
        : RepublishLevels.FromName(Word(value)) is { } level ? level
        : Refused((RepublishLevel?)null, field, "This has to be \"" + string.Join("\" or \"", RepublishLevels.All.Select(RepublishLevels.Name)) + "\", or null to go by the categories.");

    // One of several words: whatever else stands there has one sentence, which names them.
    private static string? Word(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;

    private string? Meant(string field, string entered, string? set) =>
        ShownAddress.Meant(entered, set) ?? Refused((string?)null, field, "It holds the dots that stand for a secret: write the whole address, secrets included.");

    private bool Truth(string field, JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Refused(false, field, "This has to be true or false.");

    private string? Text(string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString()!.Trim() is { Length: > 0 } text ? text : null,
        _ => Refused((string?)null, field, "This has to be a text, or null."),
    };

    private IReadOnlyList<string> Texts(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(static item => item.GetString()!)];
        return Refused<IReadOnlyList<string>>([], field, "This has to be a list of texts, or null.");
    }

    private TimeSpan? Minutes(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var minutes) && SourceRules.Interval(minutes) is { } time
            ? time
            : Refused((TimeSpan?)null, field, $"This has to be a number of minutes above 0 and at most {SourceRules.MaxMinutes}, or null.");
    }

    private int? Whole(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : Refused((int?)null, field, "This has to be a whole number, or null.");
    }

    private bool IsObject(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) _problems.Add((field, "This has to be an object, or null."));
        return value.ValueKind == JsonValueKind.Object;
    }

    private T Refused<T>(T kept, string field, string sentence)
    {
        _problems.Add((field, sentence));
        return kept;
    }

    private static string Bounded(string name) => TextCut.WithEllipsis(name, 60);
}
