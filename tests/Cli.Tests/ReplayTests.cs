using System.Buffers.Binary;
using RmStack.Host;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Testing;
using RmStack.Transport;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports.Replay;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Tests;

/// <summary>A launch as `rmstack boot --trace` captured it, replayed to those who were at its ends.</summary>
public class ReplayTests
{
    private const ushort Hlos = 3;
    private const ushort Guest = 0x80;
    private static readonly RecordedLink s_launch = Launch();

    private static readonly ReplayOptions s_strict = new() { OnMismatch = MismatchPolicy.Refuse };

    [Fact]
    public void The_driver_is_taken_through_a_launch_that_was_captured()
    {
        var events = new List<MessageId>();
        Replay(s_launch, LinkEnd.Vm, s_strict, async port =>
        {
            await using var driver = new ResourceManagerDriver(port, RpcClientOptions.LinuxV12);
            using var watch = driver.Notifier.Register((id, _) => events.Add(id));
            await LaunchWith(driver);
        });
        Assert.Equal(
            [
                MessageId.VmStatus, MessageId.VmStatus, MessageId.VmStatus, MessageId.VmStatus, MessageId.VmExited,
                MessageId.VmStatus, MessageId.MemReleased, MessageId.VmStatus,
            ],
            events);
    }

    [Fact]
    public void A_driver_whose_first_id_is_another_is_followed_when_ids_are_mapped()
    {
        // As if the recorded driver had made a thousand calls before.
        var later = new RecordedLink(s_launch.Interface, [.. s_launch.Packets.Select(packet =>
        {
            var bytes = packet.Bytes.ToArray();
            var sequence = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2));
            if (Packets.Header(bytes).Type != RpcMessageType.Notification)
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)(sequence + 1000));
            return packet with { Bytes = bytes };
        })]);
        Replay(later, LinkEnd.Vm, s_strict with { SequenceIds = SequencePolicy.Mapped }, async port =>
        {
            await using var driver = new ResourceManagerDriver(port, RpcClientOptions.LinuxV12);
            await LaunchWith(driver);
        });
    }

    [Fact]
    public void A_driver_that_lends_other_memory_is_caught_at_that_byte()
    {
        var context = new SingleThreadContext();
        using var port = new ReplayPort(s_launch, LinkEnd.Vm, s_strict with { Context = context });
        context.Run(async () =>
        {
            await using var driver = new ResourceManagerDriver(port, RpcClientOptions.LinuxV12);
            await driver.AllocVmidAsync(0);
            var parcel = Parcel(0x4200_0000);
            Assert.False((await driver.MemLendAsync(parcel)).IsOk);
        });
        var mismatch = Assert.Single(port.Mismatches);
        Assert.Equal(3, mismatch.PacketNumber);
        Assert.Contains("capture  #1 MEM_LEND mem_type=normal label=0 acl=[0x80:RWX] sgl=[0x41000000+0x200000] attributes=0", mismatch.ToString(), StringComparison.Ordinal);
        Assert.Contains("sent     #1 MEM_LEND mem_type=normal label=0 acl=[0x80:RWX] sgl=[0x42000000+0x200000] attributes=0", mismatch.ToString(), StringComparison.Ordinal);
        Assert.Contains("next packet 3 (VM > RM): #1 MEM_LEND", port.Progress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_answers_a_captured_launch_as_the_resource_manager_did()
    {
        // Every answer, the notifications before it, and those after it until the next question.
        var script = new Queue<Answer>();
        foreach (var packet in s_launch.Packets.Select(packet => (packet.Direction, Bytes: packet.Bytes.ToArray())))
        {
            var type = Packets.Header(packet.Bytes).Type;
            if (type == RpcMessageType.Request)
                script.Enqueue(new Answer([], [], []));
            var answer = script.Last();
            if (type == RpcMessageType.Reply)
                answer.Reply.Add(packet.Bytes);
            else if (type == RpcMessageType.Notification)
                (answer.Reply.Count == 0 ? answer.Before : answer.After).Add(packet.Bytes);
        }

        Replay(s_launch, LinkEnd.ResourceManager, s_strict with { SequenceIds = SequencePolicy.Mapped }, port =>
        {
            RpcServer? server = null;
            server = new RpcServer(new DelegateHandler((in request, responder) =>
            {
                var answer = script.Dequeue();
                answer.Before.ForEach(Notify);
                var content = Assert.Single(answer.Reply).AsSpan(RpcLimits.HeaderSize);
                responder.Reply((RmError)BinaryPrimitives.ReadUInt32LittleEndian(content), content[RpcLimits.ErrorSize..]);
                answer.After.ForEach(Notify);

                void Notify(byte[] packet) => server!.Notify(Hlos, Packets.Header(packet).Id, packet.AsSpan(RpcLimits.HeaderSize));
            }));
            server.AddLink(Hlos, port);
            return Task.CompletedTask;
        });
        Assert.Empty(script);
    }

    [Fact]
    public void A_launch_takes_as_long_as_it_did_when_there_is_a_clock()
    {
        var clock = new ManualTimeProvider();
        var context = new SingleThreadContext();
        using var port = new ReplayPort(s_launch, LinkEnd.Vm, s_strict with { Context = context, TimeProvider = clock });
        Task? launch = null;
        context.Run(() => { launch = Run(); });
        // The guest ran for twelve milliseconds of virtual time before it ended.
        for (var step = 0; step < 11; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            context.RunUntilIdle();
        }

        Assert.False(launch!.IsCompleted);
        // Timers count in whole milliseconds, and each of the packets may have waited for one of its own.
        for (var step = 0; step < s_launch.Packets.Count; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            context.RunUntilIdle();
        }

        Assert.True(launch.IsCompletedSuccessfully);
        Assert.True(port.Progress.IsFaithful, port.Progress.ToString());
        return;

        async Task Run()
        {
            await using var driver = new ResourceManagerDriver(port, RpcClientOptions.LinuxV12);
            await LaunchWith(driver);
        }
    }

    private static void Replay(RecordedLink link, LinkEnd end, ReplayOptions options, Func<ReplayPort, Task> body)
    {
        var context = new SingleThreadContext();
        using var port = new ReplayPort(link, end, options with { Context = context });
        context.Run(() => body(port));
        Assert.True(port.Progress.IsFaithful, string.Join('\n', port.Mismatches.Select(mismatch => mismatch.ToString()).Prepend(port.Progress.ToString())));
        Assert.True(port.Completed.IsCompleted);
    }

    /// <summary>What the VM manager asks the driver for, in its order.</summary>
    private static async Task LaunchWith(ResourceManagerDriver driver)
    {
        var exited = new TaskCompletionSource();
        using var watch = driver.Notifier.Register((id, _) =>
        {
            if (id == MessageId.VmExited)
                exited.SetResult();
        });
        Assert.Equal(Guest, (await driver.AllocVmidAsync(0)).Value);
        var parcel = Parcel(0x4100_0000);
        Ok(await driver.MemLendAsync(parcel));
        Ok(await driver.VmConfigureAsync(Guest, AuthMechanism.None, parcel.Handle, 0, 0, 0x1f_0000, 0x1_0000));
        Ok(await driver.VmInitAsync(Guest));
        Assert.Single((await driver.GetHypResourcesAsync(Guest)).Value);
        Ok(await driver.VmStartAsync(Guest));
        await exited.Task;
        Ok(await driver.VmResetAsync(Guest));
        Ok(await driver.MemReclaimAsync(parcel));
        Ok(await driver.DeallocVmidAsync(Guest));
    }

    private static void Ok(RmCallStatus status) => Assert.True(status.IsOk, status.ToString());

    private static MemParcel Parcel(ulong address) => new()
    {
        Acl = [new AclEntry(Guest, MemRights.ReadWriteExecute)],
        Entries = [new SglEntry(address, 0x20_0000)],
    };

    private static RecordedLink Launch()
    {
        var path = Rmstack.File("launch.pcapng", []);
        try
        {
            Assert.Equal(0, Rmstack.Run("boot", "--quiet", "--trace", path).ExitCode);
            return ReadAsync().GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }

        async Task<RecordedLink> ReadAsync()
        {
            await using var reader = new PcapngReader(File.OpenRead(path));
            var links = await RecordedLinks.ReadAsync(reader);
            Assert.Equal(CaptureStatus.End, links.End.Status);
            return links.Find(Hlos)!;
        }
    }

    private sealed record Answer(List<byte[]> Before, List<byte[]> Reply, List<byte[]> After);
}
