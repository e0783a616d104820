using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Dashboard;

namespace Aggregator.Server.Sources;

/// <summary>The form of a source's settings. Secrets go one way: what is left empty stays, and what is set is never shown again.</summary>
internal static class SourceForm
{
    /// <summary>What was posted, over what is set now.</summary>
    public static (SourceEdit? Edit, SourceProblem? Problem) Read(IFormCollection form, SourceEdit now)
    {
        var entered = form["url"].ToString().Trim();
        if ((entered.Length == 0 ? now.Url : ShownAddress.Meant(entered, now.Url)) is not { } meant) return (null, new SourceProblem(SourceField.AddressMasked));
        var url = meant != now.Url && Uri.TryCreate(meant, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : meant;
        if (!TryMinutes(form["min"], out var min) || !TryMinutes(form["max"], out var max)) return (null, new SourceProblem(SourceField.Interval));
        var categories = new List<long>();
        foreach (var value in form["category"])
        {
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return (null, new SourceProblem(SourceField.Category));
            categories.Add(id);
        }

        var republish = RepublishLevels.FromName(form["republish"]);
        if (republish is null && form["republish"].ToString().Length > 0) return (null, new SourceProblem(SourceField.Republish));
        // Whoever posts without the field does not know of it, and loosens nothing by that.
        var knowsRights = form["republish"].Count > 0;
        var kept = SettingsAt(url, now) ?? new FetchSettings();
        if (Headers(form, kept.Headers) is not { } headers)
            return (null, new SourceProblem(SourceField.Request, "Each header is a line \"Name: value\"."));
        var proxy = Text(form["proxy"]) is { } shown ? ShownAddress.Meant(shown, kept.Proxy) : null;
        if (proxy is null && Text(form["proxy"]) is not null) return (null, new SourceProblem(SourceField.ProxyMasked));
        var user = Text(form["user"]);
        var settings = new FetchSettings
        {
            Headers = headers,
            Cookies = Secret(form, "cookies", kept.Cookies),
            UserName = user,
            Password = user is null ? null : Secret(form, "password", kept.Password),
            UserAgent = Text(form["agent"]),
            Proxy = proxy,
            PinnedCertificate = Text(form["pin"]),
            Charset = Text(form["charset"]),
        };
        return (new SourceEdit
        {
            Url = url,
            Title = Text(form["title"]),
            DefaultZone = Text(form["zone"]),
            DefaultLanguage = Text(form["language"]),
            MinInterval = min,
            MaxInterval = max,
            FetchSettings = IsNothing(settings) ? null : settings,
            CategoryIds = categories,
            Republish = knowsRights ? republish : now.Republish,
            PublisherAgrees = knowsRights ? form["publisher-agrees"].Count > 0 : now.PublisherAgrees,
        }, null);
    }

    /// <summary>The posted policy of captures; not judged yet, but for a bound that is no number.</summary>
    public static CapturePolicy? Capture(IFormCollection form)
    {
        var bound = Text(form["short-below"]);
        var words = 0;
        if (bound is not null && !int.TryParse(bound, NumberStyles.None, CultureInfo.InvariantCulture, out words)) return null;
        if (!Enum.TryParse<CaptureMode>(form["mode"], ignoreCase: false, out var mode)) return null;
        return new CapturePolicy { Mode = mode, ShortBelow = bound is null ? null : words, Keep = Lines(form["keep"]), Remove = Lines(form["remove"]) };
    }

    private static string[] Lines(Microsoft.Extensions.Primitives.StringValues value) =>
        value.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What of the settings goes along to an address: secrets are for one origin, and another one starts without any.</summary>
    public static FetchSettings? SettingsAt(string url, SourceEdit now) =>
        SourceAddress.IsSameOrigin(url, now.Url) ? now.FetchSettings
        : now.FetchSettings is { } settings
            ? settings with { Headers = [], Cookies = null, UserName = null, Password = null, PinnedCertificate = null }
        : null;

    private static bool IsNothing(FetchSettings settings) =>
        settings.Headers.Count == 0
        && (settings.Cookies ?? settings.UserName ?? settings.Password ?? settings.UserAgent ?? settings.Proxy ?? settings.PinnedCertificate ?? settings.Charset) is null;

    private static string? Text(Microsoft.Extensions.Primitives.StringValues value) => value.ToString().Trim() is { Length: > 0 } text ? text : null;

    private static string? Secret(IFormCollection form, string name, string? kept) =>
        form[name].ToString() is { Length: > 0 } entered ? entered : form["remove-" + name].Count > 0 ? null : kept;

    private static List<RequestHeader>? Headers(IFormCollection form, IReadOnlyList<RequestHeader> kept)
    {
        var removed = form["remove-header"].ToHashSet(StringComparer.OrdinalIgnoreCase);
        var headers = kept.Where(header => !removed.Contains(header.Name)).ToList();
        foreach (var line in form["headers"].ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) return null;
            var name = line[..colon].TrimEnd();
            headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            headers.Add(new RequestHeader(name, line[(colon + 1)..].Trim()));
        }

        return headers;
    }

    private static bool TryMinutes(string? text, out TimeSpan? time)
    {
        time = null;
        if (string.IsNullOrWhiteSpace(text)) return true;
        if (double.TryParse(text.AsSpan().Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes)) time = SourceRules.Interval(minutes);
        return time is not null;
    }
}
