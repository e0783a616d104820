using System.Buffers;

namespace Aggregator.Storage.Search;

/// <summary>Whole numbers in as few bytes as they need: seven bits in each, the lowest first, the eighth says that another follows.</summary>
internal static class Varint
{
    private const int MaxLength = 10;

    public static void Write(IBufferWriter<byte> output, long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var bytes = output.GetSpan(MaxLength);
        var length = 0;
        for (; number >= 0x80; number >>= 7) bytes[length++] = (byte)(number | 0x80);
        bytes[length++] = (byte)number;
        output.Advance(length);
    }

    public static long Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        long number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            number |= (long)(next & 0x7F) << shift;
            if (next < 0x80) return number;
        }
    }
}
