using System.Runtime.InteropServices;

namespace Aggregator.Core.Stories;

/// <summary>A word of a prepared text; of it only a hash is kept.</summary>
/// <param name="Hash">The hash of its folded spelling.</param>
/// <param name="Kind">What it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoryWord(ulong Hash, StoryWordKind Kind)
{
    /// <summary>Whether it is of these kinds.</summary>
    public bool Is(StoryWordKind kind) => (Kind & kind) == kind;
}
