namespace Aggregator.Core.Extracting;

/// <summary>What became of a page: an article, or a reason why there is none.</summary>
public abstract record ExtractResult
{
    private ExtractResult()
    {
    }

    /// <summary>It holds an article.</summary>
    /// <param name="Article">What it says.</param>
    public sealed record Extracted(ExtractedArticle Article) : ExtractResult;

    /// <summary>It holds none that we can read.</summary>
    /// <param name="Kind">What an admin would act on.</param>
    /// <param name="Reason">One English sentence for an admin.</param>
    public sealed record Refused(ExtractFailureKind Kind, string Reason) : ExtractResult;
}
