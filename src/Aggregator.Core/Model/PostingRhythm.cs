using System.Buffers.Binary;

namespace Aggregator.Core.Model;

/// <summary>
/// How a source posts, learnt from the dates of its entries: how many come in each hour of the week (UTC). What is older
/// counts less and less, so that a rhythm that changes is learnt anew within weeks. A value: learning gives a new one.
/// </summary>
public sealed class PostingRhythm : IEquatable<PostingRhythm>
{
    /// <summary>The hours of a week, from Sunday 00:00 UTC.</summary>
    public const int HoursOfWeek = 168;

    /// <summary>The length of <see cref="ToBytes"/>: always below 1 KiB.</summary>
    public const int Size = 1 + (3 * sizeof(long)) + ((2 + HoursOfWeek) * sizeof(float));

    /// <summary>The most entries of one document that are learnt from, newest first.</summary>
    public const int MaxEntries = 500;

    /// <summary>What happened this long ago counts a third (1/e) of what happens now.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(28);

    /// <summary>The same for the one number that rare posters are judged by.</summary>
    public static readonly TimeSpan LongMemory = TimeSpan.FromDays(180);

    /// <summary>Nothing known: no document was read yet.</summary>
    public static PostingRhythm Unknown { get; } = new(null, default, default, 0, 0.5f, new float[HoursOfWeek]);

    private const byte Version = 1;

    /// <summary>An entry this much older than our last look did not appear since: it was moved, renamed or dug out.</summary>
    private static readonly TimeSpan Belated = TimeSpan.FromDays(1);

    /// <summary>What a week's profile is drawn to before there is evidence: so many imagined entries.</summary>
    private const double ByHour = 0.5, ByDay = 2, ByHourOfWeek = 1, OfLongMemory = 1.5, OfNobody = 0.5;

    /// <summary>Where nothing is known a source is thought to post so often.</summary>
    private const double HoursBetweenPostsOfNobody = 720;

    private readonly float[] _counts;
    private readonly float _longCount;
    private readonly DateTimeOffset _since;
    private readonly DateTimeOffset _asOf;

    private PostingRhythm(DateTimeOffset? newestAt, DateTimeOffset since, DateTimeOffset asOf, float longCount, float waited, float[] counts)
    {
        NewestAt = newestAt;
        _since = since;
        _asOf = asOf;
        _longCount = longCount;
        Waited = waited;
        _counts = counts;
    }

    /// <summary>When its newest entry appeared, or null when that is not known.</summary>
    public DateTimeOffset? NewestAt { get; }

    /// <summary>Whether a document was read.</summary>
    public bool IsKnown => _asOf != default;

    /// <summary>
    /// Which part of the time between two of our looks new entries had been waiting when we found them, of late: 0.5 when
    /// there is no connection; near 1 it posts right after we look.
    /// </summary>
    public double Waited { get; }

    /// <summary>Learns from the dates in a first document. Dates in the future count for nothing.</summary>
    /// <param name="publishedAt">The dates of its entries, in any order; those without a date are left out.</param>
    /// <param name="now">When it was read.</param>
    public static PostingRhythm Of(IEnumerable<DateTimeOffset> publishedAt, DateTimeOffset now)
    {
        var dates = publishedAt.Where(date => date <= now).OrderDescending().Take(MaxEntries).ToArray();
        if (dates.Length == 0) return new PostingRhythm(null, now, now, 0, 0.5f, new float[HoursOfWeek]);

        // The oldest one only opens the window: what came before it is not known, so that it says nothing of how often.
        var counts = new float[HoursOfWeek];
        var longCount = 0f;
        foreach (var date in dates.AsSpan(0, dates.Length - 1))
        {
            counts[HourOfWeek(date)] += (float)Decay(now - date, Memory);
            longCount += (float)Decay(now - date, LongMemory);
        }

        return new PostingRhythm(dates[0], dates[^1], now, longCount, 0.5f, counts);
    }

    /// <summary>Learns from the entries that were new in a document.</summary>
    /// <param name="publishedAt">Their dates, null where they have none. One far older than the look before counts for nothing.</param>
    /// <param name="lastLook">When the source last answered before.</param>
    /// <param name="now">When the document was read.</param>
    public PostingRhythm With(IEnumerable<DateTimeOffset?> publishedAt, DateTimeOffset lastLook, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(publishedAt);
        if (lastLook > now) lastLook = now;
        var middle = lastLook + ((now - lastLook) / 2);
        var appeared = publishedAt.Take(MaxEntries)
            .Where(date => date is null || date >= lastLook - Belated)
            .Select(date => date is { } at && at > lastLook && at <= now ? at : middle)
            .ToArray();
        if (appeared.Length == 0) return this;

        var counts = new float[HoursOfWeek];
        var decay = (float)Decay(now - _asOf, Memory);
        for (var hour = 0; hour < HoursOfWeek; hour++) counts[hour] = _counts[hour] * decay;
        var longCount = _longCount * (float)Decay(now - _asOf, LongMemory);
        foreach (var at in appeared)
        {
            counts[HourOfWeek(at)] += (float)Decay(now - at, Memory);
            longCount += (float)Decay(now - at, LongMemory);
        }

        var newest = appeared.Max();
        var between = (now - lastLook).TotalSeconds;
        var waited = between > 0 ? Waited + (0.25 * (((now - newest).TotalSeconds / between) - Waited)) : Waited;
        return new PostingRhythm(NewestAt > newest ? NewestAt : newest, _since, now, longCount, (float)waited, counts);
    }

    /// <summary>The entries that are to be expected in each hour of the week, drawn to what is usual where there is little evidence.</summary>
    /// <param name="now">The moment from which the evidence is seen.</param>
    /// <param name="perHour">Where they are written: <see cref="HoursOfWeek"/> numbers, each above 0.</param>
    public void Expect(DateTimeOffset now, Span<double> perHour)
    {
        if (perHour.Length != HoursOfWeek) throw new ArgumentException($"There are {HoursOfWeek} hours in a week.", nameof(perHour));
        if (!IsKnown)
        {
            perHour.Fill(1 / HoursBetweenPostsOfNobody);
            return;
        }

        Span<double> counts = stackalloc double[HoursOfWeek], seen = stackalloc double[HoursOfWeek];
        Span<double> hourCounts = stackalloc double[24], hourSeen = stackalloc double[24], dayCounts = stackalloc double[7], daySeen = stackalloc double[7];
        Watched(now, seen);
        var decay = Decay(now - _asOf, Memory);
        double total = 0, watched = 0;
        for (var hour = 0; hour < HoursOfWeek; hour++)
        {
            counts[hour] = _counts[hour] * decay;
            hourCounts[hour % 24] += counts[hour];
            hourSeen[hour % 24] += seen[hour];
            dayCounts[hour / 24] += counts[hour];
            daySeen[hour / 24] += seen[hour];
            total += counts[hour];
            watched += seen[hour];
        }

        // From the rough to the fine, each drawn to the one before: years, weeks, hours and days, hours of the week.
        var longWatched = LongMemory.TotalHours * (1 - Decay(now - _since, LongMemory));
        var rare = ((_longCount * Decay(now - _asOf, LongMemory)) + OfNobody) / (longWatched + (OfNobody * HoursBetweenPostsOfNobody));
        var rate = (total + OfLongMemory) / (watched + (OfLongMemory / rare));
        for (var hour = 0; hour < HoursOfWeek; hour++)
        {
            var (before, after) = ((hour + HoursOfWeek - 1) % HoursOfWeek, (hour + 1) % HoursOfWeek);
            var byHour = (hourCounts[hour % 24] + ByHour) / (hourSeen[hour % 24] + (ByHour / rate));
            var byDay = (dayCounts[hour / 24] + ByDay) / (daySeen[hour / 24] + (ByDay / rate));
            var count = (counts[before] / 4) + (counts[hour] / 2) + (counts[after] / 4);
            var time = (seen[before] / 4) + (seen[hour] / 2) + (seen[after] / 4);
            perHour[hour] = (count + ByHourOfWeek) / (time + (ByHourOfWeek * rate / (byHour * byDay)));
        }
    }

    /// <summary>What the store keeps: <see cref="Size"/> bytes, empty when nothing is known.</summary>
    public byte[] ToBytes()
    {
        if (!IsKnown) return [];
        var bytes = new byte[Size];
        var rest = bytes.AsSpan();
        rest[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(rest[1..], NewestAt?.ToUnixTimeMilliseconds() ?? long.MinValue);
        BinaryPrimitives.WriteInt64LittleEndian(rest[9..], _since.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64LittleEndian(rest[17..], _asOf.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteSingleLittleEndian(rest[25..], _longCount);
        BinaryPrimitives.WriteSingleLittleEndian(rest[29..], (float)Waited);
        for (var hour = 0; hour < HoursOfWeek; hour++) BinaryPrimitives.WriteSingleLittleEndian(rest[(33 + (hour * sizeof(float)))..], _counts[hour]);
        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>. What is empty, of another version or damaged is <see cref="Unknown"/>: it is learnt anew.</summary>
    public static PostingRhythm FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || bytes[0] != Version) return Unknown;
        var newest = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        var since = BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]);
        var asOf = BinaryPrimitives.ReadInt64LittleEndian(bytes[17..]);
        var longCount = BinaryPrimitives.ReadSingleLittleEndian(bytes[25..]);
        var waited = BinaryPrimitives.ReadSingleLittleEndian(bytes[29..]);
        var counts = new float[HoursOfWeek];
        for (var hour = 0; hour < HoursOfWeek; hour++) counts[hour] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(33 + (hour * sizeof(float)))..]);
        return IsTime(since) && IsTime(asOf) && since <= asOf && (newest == long.MinValue || IsTime(newest))
            && IsCount(longCount) && waited is >= 0 and <= 1 && Array.TrueForAll(counts, IsCount)
            ? new PostingRhythm(
                newest == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(newest),
                DateTimeOffset.FromUnixTimeMilliseconds(since), DateTimeOffset.FromUnixTimeMilliseconds(asOf), longCount, waited, counts)
            : Unknown;
    }

    /// <summary>The hour of the week in which a moment lies, from Sunday 00:00 UTC.</summary>
    public static int HourOfWeek(DateTimeOffset at) => ((int)at.UtcDateTime.DayOfWeek * 24) + at.UtcDateTime.Hour;

    /// <inheritdoc />
    public bool Equals(PostingRhythm? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PostingRhythm);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(NewestAt?.ToUnixTimeMilliseconds(), _asOf.ToUnixTimeMilliseconds(), _longCount);

    /// <summary>How long each hour of the week was watched, in hours, older weeks counting less: an hour that never came says nothing.</summary>
    private void Watched(DateTimeOffset now, Span<double> hours)
    {
        var weekly = Decay(TimeSpan.FromHours(HoursOfWeek), Memory);
        var hourly = Decay(TimeSpan.FromHours(1), Memory);
        var span = Math.Max(0, (now - _since).TotalHours);
        var current = HourOfWeek(now);
        var intoHour = (now.UtcDateTime.TimeOfDay - TimeSpan.FromHours(now.UtcDateTime.Hour)).TotalHours;

        // Going back from this hour, which is watched in part: what lies whole weeks further back is a geometric series.
        var weeks = Math.Floor(span / HoursOfWeek);
        var series = (1 - Math.Pow(weekly, weeks)) / (1 - weekly);
        var oldest = Math.Pow(weekly, weeks);
        var rest = span - (weeks * HoursOfWeek);
        var decay = 1.0;
        for (var back = 0; back < HoursOfWeek; back++)
        {
            var part = Math.Clamp(rest - Math.Max(0, back - 1 + intoHour), 0, back == 0 ? intoHour : 1);
            hours[(current - back + HoursOfWeek) % HoursOfWeek] = decay * (series + (oldest * part));
            decay *= hourly;
        }
    }

    private static double Decay(TimeSpan age, TimeSpan memory) => age <= TimeSpan.Zero ? 1 : Math.Exp(-(age / memory));

    private static bool IsTime(long milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static bool IsCount(float value) => value is >= 0 and < 1e9f;
}
