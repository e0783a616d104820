namespace Aggregator.Core.Stores;

/// <summary>What became of a visitor's request.</summary>
public abstract record TakedownFiling
{
    private TakedownFiling()
    {
    }

    /// <summary>It is stored.</summary>
    /// <param name="RequestId">Its number.</param>
    public sealed record Received(long RequestId) : TakedownFiling;

    /// <summary>There is no such article, or it is taken down already.</summary>
    public sealed record NoSuchEntry : TakedownFiling;

    /// <summary>So many requests wait that no other is taken: see <see cref="ITakedownStore.MaxOpen"/>.</summary>
    public sealed record TooManyOpen : TakedownFiling;
}
