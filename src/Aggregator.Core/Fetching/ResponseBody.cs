using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Aggregator.Core.Fetching;

/// <summary>Reads a response's body with a bound on what comes over the wire and on what it unpacks to.</summary>
internal static class ResponseBody
{
    /// <summary>The most content codings that one body may be wrapped in; honest servers use one.</summary>
    public const int MaxCodings = 3;

    /// <summary>The most memory that zstd's window may take, as a power of two: what RFC 9659 lets a server count on.</summary>
    private const int ZstdWindowLog = 23;

    /// <summary>Reads and unpacks the body.</summary>
    /// <param name="response">The answer; its head is here.</param>
    /// <param name="options">The limits.</param>
    /// <param name="lease">Where the body's memory comes from.</param>
    /// <param name="clock">The exchange's time limits; the body's begin here.</param>
    /// <param name="request">What was asked for: its own limit, and the trace that is told how large it was.</param>
    /// <exception cref="BodyTooLargeException">More than <see cref="FetchingOptions.MaxWireBytes"/>, or <see cref="FetchingOptions.MaxBodyBytes"/> or the request's own limit unpacked.</exception>
    /// <exception cref="InvalidDataException">Its compression is broken or unknown.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpResponseMessage response, FetchingOptions options, ByteLease lease, ExchangeClock clock, FetchRequest request)
    {
        var cancellationToken = clock.Token;
        var maxBody = Math.Min(options.MaxBodyBytes, request.MaxBytes ?? long.MaxValue);
        if (!request.TakesBeginning && response.Content.Headers.ContentLength > options.MaxWireBytes) throw new BodyTooLargeException(options.MaxWireBytes, unpacked: false);

        var wire = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = wire.ConfigureAwait(false);
        var counted = new BoundedStream(wire, options.MaxWireBytes, unpacked: false);
        clock.EnterBody(options.BodyTimeout, options.MinBytesPerSecond, () => counted.Passed);
        Stream body = counted;
        var length = 0;
        var codings = response.Content.Headers.ContentEncoding
            .Select(coding => coding.Trim().ToLowerInvariant())
            .Where(coding => coding is not ("" or "identity" or "none" or "utf-8"))
            .ToArray();
        if (codings.Length > MaxCodings) throw new InvalidDataException($"The body is packed {codings.Length} times over.");
        try
        {
            // A packed body may break off before its first two bytes, which are looked at here already.
            foreach (var coding in codings.Reverse())
                body = new BoundedStream(await UnpackAsync(body, coding, cancellationToken).ConfigureAwait(false), maxBody, unpacked: true, request.TakesBeginning);
            if (codings.Length == 0 && maxBody < options.MaxWireBytes) body = new BoundedStream(body, maxBody, unpacked: true, request.TakesBeginning);

            var read = await lease.ReadToEndAsync(body, cancellationToken).ConfigureAwait(false);
            length = read.Length;
            return read;
        }
        catch (ZstdException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException("It ends early.", error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new BodyInterruptedException(error);
        }
        finally
        {
            // Of a body that broke off or was too large too: somebody sent those bytes, and somebody paid for them.
            request.Trace?.Read(counted.Passed, length);
            await body.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<Stream> UnpackAsync(Stream packed, string coding, CancellationToken cancellationToken)
    {
        // Some servers announce gzip and send plain bytes; what the first bytes say goes before what the header says.
        var head = new byte[2];
        var count = await packed.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var stream = new PrefixedStream(head.AsMemory(0, count), packed);
        if (count == 0) return stream;
        return coding switch
        {
            "gzip" or "x-gzip" => head is [0x1F, 0x8B] ? new GZipStream(stream, CompressionMode.Decompress) : stream,
            // "deflate" means zlib (RFC 9110 §8.4.1.2); half of those who send it mean raw deflate.
            "deflate" => (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0
                ? new ZLibStream(stream, CompressionMode.Decompress)
                : new DeflateStream(stream, CompressionMode.Decompress),
            "br" => new BrotliStream(stream, CompressionMode.Decompress),
            "zstd" => head is [0x28, 0xB5] ? Zstd(stream) : stream,
            _ => throw new InvalidDataException($"The body is packed as '{coding}', which we did not ask for."),
        };
    }

    private static DecompressionStream Zstd(Stream packed)
    {
        var unpacking = new DecompressionStream(packed, checkEndOfStream: true, leaveOpen: false);
        unpacking.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return unpacking;
    }

    /// <summary>Passes bytes on until a bound, then throws, or ends where the beginning is enough.</summary>
    private sealed class BoundedStream(Stream inner, long maxBytes, bool unpacked, bool ends = false) : ReadOnlyStream
    {
        private long _passed;

        /// <summary>How many bytes have gone through.</summary>
        public long Passed => Volatile.Read(ref _passed);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await inner.ReadAsync(ends ? buffer[..Left(buffer.Length)] : buffer, cancellationToken).ConfigureAwait(false));

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, ends ? Left(count) : count));

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Left(int wanted) => (int)Math.Min(wanted, maxBytes - _passed);

        private int Count(int read) =>
            (_passed += read) > maxBytes ? throw new BodyTooLargeException(maxBytes, unpacked) : read;
    }

    /// <summary>Gives back bytes that were read ahead, then the rest.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream inner) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _prefix.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(TakePrefix(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) =>
            _prefix.IsEmpty ? inner.Read(buffer, offset, count) : TakePrefix(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int TakePrefix(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }
    }

    private abstract class ReadOnlyStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
