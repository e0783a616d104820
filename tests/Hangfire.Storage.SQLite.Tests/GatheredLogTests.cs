using System.Globalization;
using Aggregator.Testing;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>
/// What a commit left in the files at the moment when it returned, as the next process would find it after a crash: the files are
/// copied while the session lives, and read the system's own way.
/// </summary>
public sealed class GatheredLogTests : IDisposable
{
    private const string Insert = "insert into line(text) values(?1)";

    private readonly TemporaryFolder _folder = new();
    private readonly Session _session;
    private int _copies;

    public GatheredLogTests()
    {
        _session = new Session(_folder.File("gathered.db"), GatheredLog.VfsName);
        _session.Script("pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 0; create table line(id integer primary key, text text not null)");
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_commit_of_any_number_of_pages_is_in_the_file_when_it_returns()
    {
        var lines = 0;
        for (var pages = 1; pages <= 100; pages++)
        {
            Commit(pages);
            lines += pages;
            if (pages % 3 == 1 || pages is > 28 and < 36 or > 60 and < 68) AssertCopyHolds(lines);
        }
    }

    [Fact]
    public void A_commit_of_few_pages_takes_one_call()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux counts a thread's calls.");
        Commit(8);
        var before = CallsToWrite();
        Commit(8);
        Assert.InRange(CallsToWrite() - before, 1, 2);
    }

    [Fact]
    public void Pages_that_leave_the_cache_before_the_commit_and_change_again_are_written_anew()
    {
        _session.Script("pragma cache_size = 10");
        Commit(300);
        _session.Script("begin immediate");
        for (var round = 0; round < 5; round++)
        {
            _session.Script($"update line set text = text || '{round}'");
            _session.Script("update line set text = upper(text) where id < 20");
        }

        _session.Script("commit");
        AssertCopyHolds(300, "text like '%01234'");
    }

    [Fact]
    public void What_was_rolled_back_is_not_found_by_those_who_come_after()
    {
        _session.Script("pragma cache_size = 10");
        Commit(20);
        for (var round = 1; round <= 5; round++)
        {
            _session.Script("begin immediate");
            for (var line = 0; line < 60 * round; line++) _session.Execute(Insert, new string('x', 3_000));
            _session.Script("rollback");
            AssertCopyHolds(20 * round, "text not like 'xxx%'");
            Commit(20);
            AssertCopyHolds(20 * (round + 1), "text not like 'xxx%'");
        }
    }

    [Fact]
    public void The_log_may_start_over_and_be_emptied_by_another_session_at_any_time()
    {
        using var other = new Session(_folder.File("gathered.db"));
        var lines = 0;
        foreach (var checkpoint in (string[])["passive", "restart", "truncate", "full", "truncate", "truncate", "restart"])
        {
            for (var pages = 1; pages < 6; pages++)
            {
                Commit(pages);
                AssertCopyHolds(lines += pages);
                Assert.Equal(lines, other.Integer("select count(*) from line"));
            }

            Assert.Equal(0, other.Integer($"pragma wal_checkpoint({checkpoint})"));
            AssertCopyHolds(lines);
        }
    }

    private void Commit(int pages)
    {
        _session.Script("begin immediate");
        for (var line = 0; line < pages; line++) _session.Execute(Insert, new string('a', 3_000));
        _session.Script("commit");
    }

    private void AssertCopyHolds(int lines, string where = "text like 'aaa%'")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"copy{_copies++}.db");
        foreach (var end in (string[])["", "-wal"]) File.Copy(_folder.File("gathered.db" + end), _folder.File(name + end));

        using (var copy = new Session(_folder.File(name)))
        {
            Assert.Equal("ok", copy.Text("pragma integrity_check"));
            Assert.Equal(lines, copy.Integer("select count(*) from line"));
            Assert.Equal(lines, copy.Integer($"select count(*) from line where {where}"));
        }

        File.Delete(_folder.File(name));
    }

    private static long CallsToWrite() => long.Parse(
        File.ReadLines("/proc/thread-self/io").Single(line => line.StartsWith("syscw:", StringComparison.Ordinal))["syscw:".Length..], CultureInfo.InvariantCulture);
}
