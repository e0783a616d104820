using System.Runtime.InteropServices;

namespace Aggregator.Core.Extracting;

/// <summary>Where on a page the article stands, in indexes of lines.</summary>
/// <param name="Headline">The line of the headline, or -1.</param>
/// <param name="BodyStart">The first line of the body.</param>
/// <param name="BodyEnd">The last one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PagePlaces(int Headline, int BodyStart, int BodyEnd);
