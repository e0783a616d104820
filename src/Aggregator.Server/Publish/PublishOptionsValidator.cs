using Aggregator.Core.Stores;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Publish;

/// <summary>Refuses values of <see cref="PublishOptions"/> that cannot work, each with a sentence that names its key.</summary>
internal sealed class PublishOptionsValidator : IValidateOptions<PublishOptions>
{
    private const long MinCacheBytes = 1024 * 1024;
    private static readonly TimeSpan MaxMaxAge = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxStale = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, PublishOptions options)
    {
        var problems = new List<string>();
        if (options.EntriesPerFeed is < 1 or > EntryQuery.MaxLimit)
            problems.Add($"Publish:EntriesPerFeed is {options.EntriesPerFeed}; it must be 1 to {EntryQuery.MaxLimit} entries.");
        if (options.CacheBytes < MinCacheBytes)
            problems.Add($"Publish:CacheBytes is {options.CacheBytes}; it must be at least {MinCacheBytes} bytes (1 MiB).");
        if (options.MaxAge < TimeSpan.Zero || options.MaxAge > MaxMaxAge)
            problems.Add($"Publish:MaxAge is {options.MaxAge}; it must be 00:00:00 to 1.00:00:00 (one day).");
        if (options.ArchiveMaxAge < TimeSpan.Zero || options.ArchiveMaxAge > MaxStale)
            problems.Add($"Publish:ArchiveMaxAge is {options.ArchiveMaxAge}; it must be 00:00:00 to 30.00:00:00 (30 days).");
        if (options.StaleWhileRevalidate < TimeSpan.Zero || options.StaleWhileRevalidate > MaxStale)
            problems.Add($"Publish:StaleWhileRevalidate is {options.StaleWhileRevalidate}; it must be 00:00:00 to 30.00:00:00 (30 days).");
        if (options.StaleIfError < TimeSpan.Zero || options.StaleIfError > MaxStale)
            problems.Add($"Publish:StaleIfError is {options.StaleIfError}; it must be 00:00:00 to 30.00:00:00 (30 days).");
        if (string.IsNullOrWhiteSpace(options.Title))
            problems.Add("Publish:Title is empty; the feed of everything needs a title.");
        if (string.IsNullOrWhiteSpace(options.Language))
            problems.Add("Publish:Language is empty; it must be a language tag such as zh or en.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
