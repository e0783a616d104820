namespace Aggregator.Core.Stores;

/// <summary>A change as the audit list keeps it. It must hold no secret and no text of an article: neither is ever erased from the list.</summary>
public sealed record AuditedChange
{
    /// <summary>The longest <see cref="Actor"/>, <see cref="Action"/> and <see cref="Subject"/>, in UTF-16 code units.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The longest <see cref="Before"/> and <see cref="After"/>, in UTF-16 code units.</summary>
    public const int MaxStateLength = 8_192;

    /// <summary>Who: an account's name, with the name of the key in brackets when it came by the API, or the command line.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, as <c>kind.verb</c>: <c>source.pause</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what, as <c>kind:name</c>: <c>source:12</c>, <c>category:world</c>; a kind alone when it was done to many.</summary>
    public required string Subject { get; init; }

    /// <summary>What was changed as it was, a JSON object, or null when there was nothing.</summary>
    public string? Before { get; init; }

    /// <summary>What was changed as it became, a JSON object, or null when nothing is left.</summary>
    public string? After { get; init; }
}
