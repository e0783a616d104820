namespace Aggregator.Core.Snapshots;

/// <summary>Text that is put together only to be looked at: its memory serves the same thread's next one.</summary>
internal sealed class CharBuffer
{
    /// <summary>How large one may have grown, in characters, so that it is kept.</summary>
    private const int MaxSpareLength = 512 * 1024;

    /// <summary>How many a thread keeps: as many as are in use at once.</summary>
    private const int MaxSpares = 3;

    [ThreadStatic]
    private static Stack<CharBuffer>? _spares;

    private char[] _text = new char[256];
    private int _length;

    /// <summary>What was put together so far; gone with the next change.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>An empty one, to be given back by <see cref="Return"/>.</summary>
    public static CharBuffer Rent() => _spares is { Count: > 0 } spares ? spares.Pop() : new CharBuffer();

    /// <summary>Gives it back.</summary>
    public void Return()
    {
        Clear();
        var spares = _spares ??= new Stack<CharBuffer>(MaxSpares);
        if (_text.Length <= MaxSpareLength && spares.Count < MaxSpares) spares.Push(this);
    }

    /// <summary>Appends a character.</summary>
    public void Append(char c)
    {
        if (_length == _text.Length) Grow(1);
        _text[_length++] = c;
    }

    /// <summary>Appends a text.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > _text.Length - _length) Grow(text.Length);
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    /// <summary>The last character, or what stands for it where there is none.</summary>
    public char LastOr(char none) => _length > 0 ? _text[_length - 1] : none;

    /// <summary>Takes away a space at the end.</summary>
    public void TrimEnd()
    {
        if (_length > 0 && _text[_length - 1] == ' ') _length--;
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => _length = 0;

    private void Grow(int more) => Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + more));
}
