using Microsoft.Extensions.Options;

namespace Aggregator.Server.Browse;

/// <summary>Refuses a section <c>Site</c> that the pages could not be written with, naming the key and what it should hold.</summary>
internal sealed class SiteOptionsValidator : IValidateOptions<SiteOptions>
{
    private const long MinCacheBytes = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, SiteOptions options)
    {
        var faults = new List<string>();
        foreach (var (key, text) in new[]
        {
            (nameof(options.Title), options.Title),
            (nameof(options.Notice), options.Notice),
            (nameof(options.Contact), options.Contact),
            (nameof(options.Operator), options.Operator),
            (nameof(options.TimeZone), options.TimeZone),
        })
            foreach (var (language, value) in new[] { (nameof(text.Zh), text.Zh), (nameof(text.En), text.En) })
                if (Fault(key, value) is { } fault)
                    faults.Add($"{SiteOptions.Section}:{key}:{language} {fault}");

        if (options.PageCacheBytes < MinCacheBytes)
            faults.Add(FormattableString.Invariant($"{SiteOptions.Section}:{nameof(options.PageCacheBytes)} is {options.PageCacheBytes}; at least {MinCacheBytes} are needed."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? Fault(string key, string value) => key switch
    {
        _ when value.Length > SiteOptions.MaxTextLength =>
            FormattableString.Invariant($"is {value.Length} characters long; {SiteOptions.MaxTextLength} are allowed."),
        nameof(SiteOptions.Title) when string.IsNullOrWhiteSpace(value) => "is empty; give the site a name.",
        nameof(SiteOptions.TimeZone) when !TimeZoneInfo.TryFindSystemTimeZoneById(value, out _) =>
            $"is “{value}”, which is no time zone; give an IANA name such as Asia/Shanghai or UTC.",
        _ => null,
    };
}
