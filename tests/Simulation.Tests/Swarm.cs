using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Simulation.Tests;

/// <summary>
/// One run: clients, a server and faults between them, on one thread and in virtual time. Everything that happens follows from the seed.
/// </summary>
internal sealed class Swarm
{
    private const int MostSettles = 10_000;
    private readonly List<SwarmLink> _links = [];
    private readonly List<ITimer> _timers = [];

    private Swarm(Plan plan, TextWriter? lines)
    {
        Plan = plan;
        Context.Run(() =>
        {
            Server = new RpcServer(new SwarmHandler(this));
            foreach (var planned in plan.Links)
            {
                var link = new SwarmLink(this, planned, lines);
                _links.Add(link);
                link.ServerLink = Server.AddLink(planned.Vmid, link.ServerPort);
            }
        });
    }

    public Plan Plan { get; }

    public SingleThreadContext Context { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public CountingPool Pool { get; } = new();

    public RpcServer Server { get; private set; } = null!;

    public IReadOnlyList<SwarmLink> Links => _links;

    /// <summary>Runs a seed and checks everything that has to hold. Returns what tells one run from another.</summary>
    /// <exception cref="SwarmFailure">Something does not hold; the message says what, and how to run the seed again.</exception>
    public static SwarmOutcome Run(ulong seed, TextWriter? lines = null)
    {
        var plan = Plan.Draw(seed);
        Swarm? swarm = null;
        try
        {
            swarm = new Swarm(plan, lines);
            swarm.Settle();
            var checks = new SwarmChecks(swarm);
            checks.BeforeTheEnd();
            swarm.Finish();
            checks.AfterTheEnd();
            return new SwarmOutcome(swarm);
        }
        catch (Exception failure)
        {
            throw new SwarmFailure(plan, swarm, failure);
        }
    }

    public SwarmLink LinkOf(ushort vmid) => _links[vmid - 1];

    public void Later(int ms, Action action)
    {
        var timer = Clock.CreateTimer(_ => action(), null, TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
    }

    /// <summary>Goes on until nothing is left to happen: every timer has fired, everything that was held has come, every lost signal was made good.</summary>
    private void Settle()
    {
        for (var settles = 0; settles < MostSettles;)
        {
            Context.RunUntilIdle();
            if (Clock.UntilNextTimer is { } wait)
            {
                Context.Run(() => Clock.Advance(wait));
                continue;
            }

            var any = false;
            Context.Run(() =>
            {
                foreach (var link in _links)
                    any |= link.Faults.Settle();
            });
            if (!any && !Context.HasWork)
                return;
            settles++;
        }

        throw new InvalidOperationException("the run does not come to rest");
    }

    private void Finish()
    {
        Context.Run(async () =>
        {
            foreach (var link in _links)
                await link.Finish();
            Server.Dispose();
            foreach (var timer in _timers)
                await timer.DisposeAsync();
        });
        Context.RunUntilIdle();
        foreach (var link in _links)
            link.JoinTasks();
    }
}

/// <summary>What a run came to.</summary>
internal sealed record SwarmOutcome(ulong Trace, long Packets, long Calls, long Faults, long Answered)
{
    public SwarmOutcome(Swarm swarm)
        : this(
            swarm.Links.Aggregate(Digest.Start, (trace, link) => Digest.Of(link.Watch.Trace, trace)),
            swarm.Links.Sum(link => link.Watch.PacketsSent + link.Watch.PacketsReceived),
            swarm.Links.Sum(link => link.Plan.Calls.Count),
            swarm.Links.Sum(link => link.Faults.Faults.Total),
            swarm.Links.Sum(link => link.Client.Statistics.CallsAnswered))
    {
    }
}

/// <summary>A seed whose run does not hold.</summary>
internal sealed class SwarmFailure(Plan plan, Swarm? swarm, Exception cause)
    : Exception(FormattableString.Invariant($"seed {plan.Seed}: {cause.Message}\nagain, with every packet: RMSTACK_SEED={plan.Seed} dotnet test tests/Simulation.Tests -c Release\n{plan}\n{Faults(swarm)}"), cause)
{
    public ulong Seed => plan.Seed;

    private static string Faults(Swarm? swarm) =>
        swarm is null ? "" : string.Join('\n', swarm.Links.Where(link => link.Faults.Faults.Total > 0).Select(link => FormattableString.Invariant($"faults of VM {link.Plan.Vmid}:\n{link.Faults.Faults}")));
}
