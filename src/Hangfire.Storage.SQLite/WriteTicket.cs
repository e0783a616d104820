using System.Runtime.ExceptionServices;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// One caller's work in the line of <see cref="SharedTransactions"/>. The caller sleeps on it instead of spinning at the gate: with
/// twenty workers on two cores that was most of the processor time.
/// </summary>
internal sealed class WriteTicket(Action<JobWriter> work)
{
    private readonly object _sleep = new();
    private Turn _turn;

    private enum Turn
    {
        Waits,
        Leads,
        Done,
    }

    public Action<JobWriter> Work { get; } = work;

    /// <summary>Why nothing of the work was written; null when it was committed. To be read when the ticket is done.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Sleeps until the work is done or it is the caller's turn to lead.</summary>
    /// <remarks>
    /// Cannot be interrupted: the work may be committed at that very moment, and a lead that nobody takes would stop every writer. An
    /// interrupt that came meanwhile meets the caller's next sleep.
    /// </remarks>
    /// <returns>Whether the caller is to lead.</returns>
    public bool AwaitTurnToLead()
    {
        var interrupted = false;
        try
        {
            while (true)
            {
                try
                {
                    lock (_sleep)
                    {
                        while (_turn == Turn.Waits) Monitor.Wait(_sleep);
                        return _turn == Turn.Leads;
                    }
                }
                catch (ThreadInterruptedException)
                {
                    interrupted = true;
                }
            }
        }
        finally
        {
            if (interrupted) Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>Gives the caller the lead.</summary>
    public void Lead() => Become(Turn.Leads);

    /// <summary>Lets the caller go on.</summary>
    public void Done(ExceptionDispatchInfo? failure)
    {
        Failure = failure;
        Become(Turn.Done);
    }

    private void Become(Turn turn)
    {
        lock (_sleep)
        {
            _turn = turn;
            Monitor.Pulse(_sleep);
        }
    }
}
