using System.Text;
using System.Text.Unicode;

namespace Aggregator.Core.Parsing;

/// <summary>Valid UTF-8 as a text reader, decoded piece by piece into the caller's buffer: the document never becomes a string.</summary>
/// <param name="bytes">The bytes, known to be valid.</param>
internal sealed class Utf8Text(ReadOnlyMemory<byte> bytes) : TextReader
{
    private int _position;
    private char _half;

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (_half != '\0')
        {
            buffer[0] = _half;
            _half = '\0';
            return 1;
        }

        Utf8.ToUtf16(bytes.Span[_position..], buffer, out var taken, out var written);
        _position += taken;
        if (written > 0 || _position == bytes.Length) return written;

        // Room for one, and a pair comes: nothing at all would mean the end.
        Rune.DecodeFromUtf8(bytes.Span[_position..], out var rune, out taken);
        _position += taken;
        Span<char> pair = stackalloc char[2];
        if (rune.EncodeToUtf16(pair) == 2) _half = pair[1];
        buffer[0] = pair[0];
        return 1;
    }

    /// <inheritdoc/>
    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override int Peek() => -1;
}
