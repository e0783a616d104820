using System.Runtime.InteropServices;

namespace Aggregator.Core.Capturing;

/// <summary>What a stream of captures did.</summary>
/// <param name="Pages">Looks that ended.</param>
/// <param name="Captured">Those that brought a new version.</param>
/// <param name="Unchanged">Those that brought nothing new.</param>
/// <param name="Failed">Those that kept nothing because they failed or were refused.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CaptureSummary(int Pages, int Captured, int Unchanged, int Failed)
{
    internal CaptureSummary With(CaptureOutcome? outcome) => outcome switch
    {
        null => this,
        CaptureOutcome.Captured => new(Pages + 1, Captured + 1, Unchanged, Failed),
        CaptureOutcome.Unchanged or CaptureOutcome.NotWanted => new(Pages + 1, Captured, Unchanged + 1, Failed),
        _ => new(Pages + 1, Captured, Unchanged, Failed + 1),
    };
}
