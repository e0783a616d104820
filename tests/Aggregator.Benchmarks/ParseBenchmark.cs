using System.Diagnostics;
using System.Globalization;
using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Testing;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>parse [ROUNDS]</c>: what reading the real captures of the shared corpus costs, as CPU ratios to a raw pass of
/// <see cref="XmlReader"/>. All candidates take turns in one run, so that a busy machine is busy for all of them.
/// python feedparser (python3-feedparser) and npm feedsmith (<c>FEEDSMITH_PATH</c> names its folder) take part where they are installed.
/// </summary>
internal static class ParseBenchmark
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "..", "shared", "corpus");

    /// <summary>Runs it and prints a table; 2 when the corpus is not there.</summary>
    public static int Run(string[] args)
    {
        if (!File.Exists(Path.Combine(Corpus, "expect.jsonl")))
        {
            Console.Error.WriteLine("The shared corpus is not beside the repository: nothing to measure.");
            return 2;
        }

        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var (names, documents) = Load();
        var bytes = documents.Sum(static document => (long)document.Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{documents.Count} real captures, {bytes / 1e6:F1} MB, best of {rounds} interleaved rounds, single thread"));

        var normalizer = new FeedNormalizer(new ContentSanitizer());
        var now = DateTimeOffset.UtcNow;
        var context = new ParseContext { FetchedAt = now };
        var normalize = new NormalizeContext { FetchedAt = now, BaseUrl = new Uri("https://example.org/feed") };
        var parsed = documents.ConvertAll(document => (FeedParser.Parse(document, context) as ParseResult.Parsed)?.Feed);
        Candidate[] candidates =
        [
            new("raw XmlReader pass", i => RawPass(documents[i])),
            new("our parser", i => FeedParser.Parse(documents[i], context)),
            new("our parser and normaliser", i =>
            {
                if (FeedParser.Parse(documents[i], context) is ParseResult.Parsed { Feed: var feed }) normalizer.Normalize(feed, normalize);
            }),
            new("our normaliser alone", i =>
            {
                if (parsed[i] is { } feed) normalizer.Normalize(feed, normalize);
            }),
            new("CodeHollow.FeedReader", i => CodeHollow.FeedReader.FeedReader.ReadFromByteArray(documents[i])),
            new("SyndicationFeed.Load", i =>
            {
                using var xml = XmlReader.Create(new MemoryStream(documents[i]), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
                SyndicationFeed.Load(xml);
            }),
        ];

        List<Foreign> foreign = [.. new Foreign?[] { Feedparser(names), Feedsmith(names) }.OfType<Foreign>()];
        for (var round = 0; round < rounds + 1; round++)
        {
            // The first round warms up and does not count.
            foreach (var candidate in candidates) candidate.Measure(documents.Count, round > 0);
            if (round is > 0 and <= 2)
                foreach (var other in foreign)
                    other.Measure();
        }

        var raw = candidates[0].Best.TotalMilliseconds;
        Console.WriteLine($"{"",-28}{"CPU ms",10}{"ratio",10}{"MB/s",10}{"alloc B/B",12}{"failed",8}");
        foreach (var candidate in candidates)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{candidate.Name,-28}{candidate.Best.TotalMilliseconds,10:F0}{candidate.Best.TotalMilliseconds / raw,10:F2}{bytes / 1e6 / candidate.Best.TotalSeconds,10:F0}{(double)candidate.Allocated / bytes,12:F2}{candidate.Failed,8}"));
        foreach (var other in foreign)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{other.Name,-28}{other.Best * 1000,10:F0}{other.Best * 1000 / raw,10:F2}{bytes / 1e6 / other.Best,10:F1}"));
        return 0;
    }

    private static (List<string> Names, List<byte[]> Documents) Load()
    {
        var names = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(Corpus, "expect.jsonl")))
        {
            using var expectation = JsonDocument.Parse(line);
            var root = expectation.RootElement;
            if (root.GetProperty("real").GetBoolean() && root.GetProperty("must").ValueEquals("parse") && !root.GetProperty("kind").ValueEquals("json"))
                names.Add(Path.Combine(Corpus, root.GetProperty("file").GetString()!));
        }

        return (names, names.ConvertAll(File.ReadAllBytes));
    }

    private static void RawPass(byte[] document)
    {
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            while (xml.Read())
            {
            }
        }
        catch (XmlException)
        {
            // Broken captures cost what is read until they break.
        }
    }

    private static Foreign? Feedparser(List<string> names)
    {
        const string Script = """
            import sys, time, feedparser
            files = [open(name, 'rb').read() for name in sys.stdin.read().split('\n') if name]
            start = time.process_time()
            for body in files:
                try: feedparser.parse(body)
                except Exception: pass
            print(time.process_time() - start)
            """;
        // Debian's package belongs to Debian's Python, which need not be the first on the path.
        return Foreign.Find("python feedparser", "/usr/bin/python3", ["-c", "import feedparser"], ["-c", Script], names)
            ?? Foreign.Find("python feedparser", "python3", ["-c", "import feedparser"], ["-c", Script], names);
    }

    private static Foreign? Feedsmith(List<string> names)
    {
        if (Environment.GetEnvironmentVariable("FEEDSMITH_PATH") is not { Length: > 0 } path) return null;
        var module = JsonSerializer.Serialize(path);
        var script = $$"""
            const { readFileSync } = require('node:fs');
            import({{module}}).then(({ parseFeed }) => {
              const files = readFileSync(0, 'utf8').split('\n').filter(Boolean).map(name => readFileSync(name, 'utf8'));
              const start = process.cpuUsage();
              for (const body of files) { try { parseFeed(body); } catch { } }
              const used = process.cpuUsage(start);
              console.log((used.user + used.system) / 1e6);
            });
            """;
        return Foreign.Find("npm feedsmith", "node", ["--version"], ["-e", script], names);
    }

    private sealed class Candidate(string name, Action<int> read)
    {
        internal string Name => name;

        internal TimeSpan Best { get; private set; } = TimeSpan.MaxValue;

        internal long Allocated { get; private set; }

        internal int Failed { get; private set; }

        internal void Measure(int count, bool isCounted)
        {
            GC.Collect();
            var failed = 0;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < count; i++)
            {
                try
                {
                    read(i);
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    // The others give up in many ways; how often is part of the table.
                    failed++;
                }
            }

            var used = Environment.CpuUsage.TotalTime - start;
            if (!isCounted) return;
            if (used < Best) Best = used;
            Allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Failed = failed;
        }
    }

    private sealed class Foreign(string name, string program, string[] arguments, List<string> files)
    {
        internal string Name => name;

        internal double Best { get; private set; } = double.MaxValue;

        internal static Foreign? Find(string name, string program, string[] probe, string[] arguments, List<string> files)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, probe) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false });
                process!.WaitForExit();
                return process.ExitCode == 0 ? new Foreign(name, program, arguments, files) : null;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return null;
            }
        }

        internal void Measure()
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            process.StandardInput.Write(string.Join('\n', files));
            process.StandardInput.Close();
            var seconds = double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
            process.WaitForExit();
            Best = Math.Min(Best, seconds);
        }
    }
}
