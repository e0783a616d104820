namespace Aggregator.Core.Related;

/// <summary>
/// Chooses what is shown as related: the most alike that is not the same story, gently in favour of what is recent and of sources that do not
/// stand there yet.
/// </summary>
internal static class RelatedRanking
{
    /// <summary>From which cosine on one shared term is enough.</summary>
    private const float AlikeByOne = 0.04f;

    /// <summary>From which cosine on two shared terms are: what a long article shares with a short one is little of the long one.</summary>
    private const float AlikeByTwo = 0.02f;

    /// <summary>From which share of common weight on, both ways, two articles are the same text.</summary>
    private const float SameText = 0.8f;

    // A year of age costs about an eighth of the likeness, and never more than a seventh.
    private const float AgeWeight = 0.15f;
    private const float AgeDays = 180;

    // Another article of a source that stands there already costs a tenth.
    private const float SameSource = 0.9f;

    /// <summary>Whether that much likeness makes two articles related at all.</summary>
    public static bool IsAlike(float cosine, int shared) => cosine >= AlikeByOne || (cosine >= AlikeByTwo && shared >= 2);

    /// <summary>The best, best first.</summary>
    /// <param name="article">The article itself, compared with itself.</param>
    /// <param name="candidates">What may be related.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="now">The moment from which age counts.</param>
    public static IReadOnlyList<RelatedCandidate> Choose(RelatedCandidate article, IEnumerable<RelatedCandidate> candidates, int limit, DateTimeOffset now)
    {
        var rest = candidates.Where(candidate => candidate.EntryId != article.EntryId && !IsSame(article, candidate))
            .Select(candidate => (Candidate: candidate, Score: candidate.Cosine * Recency(candidate.SortAt, now))).ToList();
        var chosen = new List<RelatedCandidate>(limit);
        var perSource = new Dictionary<long, int>();
        while (chosen.Count < limit && rest.Count > 0)
        {
            var best = rest.MaxBy(one => (one.Score * MathF.Pow(SameSource, perSource.GetValueOrDefault(one.Candidate.SourceId)), one.Candidate.SortAt, one.Candidate.EntryId));
            rest.Remove(best);
            if (chosen.Exists(other => IsSame(other, best.Candidate))) continue;
            chosen.Add(best.Candidate);
            perSource[best.Candidate.SourceId] = perSource.GetValueOrDefault(best.Candidate.SourceId) + 1;
        }

        return chosen;
    }

    private static float Recency(DateTimeOffset at, DateTimeOffset now) =>
        1 - AgeWeight + AgeWeight * MathF.Exp(-(float)Math.Max(0, (now - at).TotalDays) / AgeDays);

    // The same story, or what will be found to be one: the same address, the same headline, the same text.
    private static bool IsSame(RelatedCandidate one, RelatedCandidate other) =>
        (one.StoryId is { } story && story == other.StoryId)
        || (one.Url is { } url && url == other.Url)
        || (one.Title.Length > 0 && one.Title == other.Title && TermVector.ShareOf(one.Terms, other.Terms) >= SameText / 2)
        || (TermVector.ShareOf(one.Terms, other.Terms) >= SameText && TermVector.ShareOf(other.Terms, one.Terms) >= SameText);
}
