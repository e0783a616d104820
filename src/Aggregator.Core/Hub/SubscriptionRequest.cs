using System.Globalization;
using System.Text;
using Aggregator.Core.Fetching;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Hub;

/// <summary>A request to our hub (WebSub §5.1) that says what it has to; whether the topic is ours and the callback public is asked later.</summary>
/// <param name="Callback">The callback, letter by letter as it was given.</param>
/// <param name="Mode"><see cref="HubMode.Subscribe"/> or <see cref="HubMode.Unsubscribe"/>.</param>
/// <param name="Topic">The topic's address, as it was given.</param>
/// <param name="Secret">The key of our signatures, or null.</param>
/// <param name="LeaseSeconds">The lease that was asked for, or null.</param>
public sealed record SubscriptionRequest(Uri Callback, HubMode Mode, string Topic, string? Secret, long? LeaseSeconds)
{
    /// <summary>The longest callback and the longest topic, in characters.</summary>
    public const int MaxUrlLength = 2048;

    /// <summary>A secret is shorter than this, in bytes (§5.1).</summary>
    public const int SecretLimit = 200;

    /// <summary>Below this only the web's own ports are called: a hub must not talk to mail servers for strangers.</summary>
    public const int FirstFreePort = 1024;

    /// <summary>The host that limits count by, in one spelling.</summary>
    public string Host => AllowedTarget.CanonicalHost(Callback.IdnHost);

    /// <summary>Reads the parameters of a form; parameters that it does not know are ignored, as §5.1 demands.</summary>
    /// <param name="value">The value of a parameter, or null when it is not there.</param>
    /// <param name="problem">What is wrong, in a sentence for the subscriber's developer; null when the request is returned.</param>
    public static SubscriptionRequest? Read(Func<string, string?> value, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(value);
        var mode = value("hub.mode") switch { "subscribe" => HubMode.Subscribe, "unsubscribe" => HubMode.Unsubscribe, _ => default(HubMode?) };
        var lease = value("hub.lease_seconds");
        long seconds = 0;
        problem =
            mode is null ? "hub.mode must be 'subscribe' or 'unsubscribe'."
            : CallbackProblem(value("hub.callback"), out var callback) is { } wrong ? wrong
            : value("hub.topic") is not { Length: > 0 } named ? "hub.topic is missing: the address of one of our feeds, as its 'self' link says it."
            : named.Length > MaxUrlLength ? $"hub.topic is longer than {MaxUrlLength} characters."
            : Encoding.UTF8.GetByteCount(value("hub.secret") ?? "") >= SecretLimit ? $"hub.secret must be shorter than {SecretLimit} bytes."
            : !string.IsNullOrEmpty(lease) && !TryReadSeconds(lease, out seconds) ? "hub.lease_seconds must be a positive decimal number of seconds."
            : null;
        if (problem is not null) return null;
        CallbackProblem(value("hub.callback"), out callback);
        return new SubscriptionRequest(
            callback!, mode!.Value, value("hub.topic")!, value("hub.secret") is { Length: > 0 } secret ? secret : null,
            string.IsNullOrEmpty(lease) ? null : seconds);
    }

    private static string? CallbackProblem(string? text, out Uri? callback)
    {
        callback = null;
        if (string.IsNullOrEmpty(text)) return "hub.callback is missing: the address that we are to push to.";
        if (text.Length > MaxUrlLength) return $"hub.callback is longer than {MaxUrlLength} characters.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out callback) || callback.Scheme is not ("http" or "https") || callback.Host.Length == 0)
            return "hub.callback must be an absolute http or https address.";
        if (Urls.DnsHost(callback) is null) return "hub.callback has a host name with characters that no host name can have.";
        if (callback.UserInfo.Length > 0) return "hub.callback must not have a user name or password in it; use a path that nobody can guess.";
        if (callback.Fragment.Length > 0) return "hub.callback must not have a fragment (#…): it is never sent.";
        return callback.Port is not (80 or 443) && callback.Port < FirstFreePort
            ? $"hub.callback must be on port 80, 443 or from {FirstFreePort} up."
            : null;
    }

    // A number beyond all bounds is a long lease as well, and will be cut.
    private static bool TryReadSeconds(string text, out long seconds)
    {
        seconds = 0;
        if (text.Length > 30 || !text.All(char.IsAsciiDigit)) return false;
        seconds = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        return seconds > 0;
    }
}
