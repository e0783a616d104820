using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Embed;

/// <summary>Refuses a list of sites that a browser would misread: a wrong source in <c>frame-ancestors</c> opens or closes more than it says.</summary>
internal sealed partial class EmbedOptionsValidator : IValidateOptions<EmbedOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbedOptions options)
    {
        var faults = new List<string>();
        Check($"{EmbedOptions.Section}:{nameof(EmbedOptions.FrameAncestors)}", options.FrameAncestors, faults);
        foreach (var (slug, ancestors) in options.Categories) Check($"{EmbedOptions.Section}:{nameof(EmbedOptions.Categories)}:{slug}", ancestors, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(string key, IList<string> ancestors, List<string> faults)
    {
        if (ancestors.Count > EmbedOptions.MaxAncestors)
            faults.Add(FormattableString.Invariant($"{key} names {ancestors.Count} sites; {EmbedOptions.MaxAncestors} are allowed."));
        for (var i = 0; i < ancestors.Count; i++)
            if (!Site().IsMatch(ancestors[i]))
                faults.Add(FormattableString.Invariant($"{key}:{i} is “{ancestors[i]}”; give * or a site such as https://news.example.org or https://*.example.org, without a path."));
    }

    [GeneratedRegex(@"\A(?:\*|https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Site();
}
