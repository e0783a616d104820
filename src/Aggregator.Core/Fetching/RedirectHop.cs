namespace Aggregator.Core.Fetching;

/// <summary>One redirect that was followed.</summary>
/// <param name="From">The address that redirected, without credentials.</param>
/// <param name="Status">The HTTP status: 301, 302, 303, 307 or 308.</param>
/// <param name="To">The address that it named, without credentials and fragment.</param>
public sealed record RedirectHop(Uri From, int Status, Uri To)
{
    /// <summary>Whether the publisher says that this is for good (301, 308).</summary>
    public bool IsPermanent => Status is 301 or 308;

    /// <summary>Whether it leads from an encrypted connection to an open one.</summary>
    public bool IsDowngrade => From.Scheme == Uri.UriSchemeHttps && To.Scheme != Uri.UriSchemeHttps;
}
