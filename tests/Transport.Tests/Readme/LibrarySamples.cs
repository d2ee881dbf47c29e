using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Testing;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports;
using RmStack.Transport.Ports.Faults;
using RmStack.Transport.Ports.Replay;
using RmStack.Transport.Ports.Sockets;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Readme;

/// <summary>The samples of README.md, as they stand there: they compile, and do what they say.</summary>
public sealed class LibrarySamples
{
    private readonly StringWriter _console = new();

    [Fact]
    public async Task A_typed_call_meets_a_typed_handler()
    {
        // <sample call>
        var dispatcher = RpcDispatcher.ByVmid().Add(new RpcHandlerGroup<ushort>()
            .Add<MemLend, MemHandleReply>(MessageId.MemLend, static (caller, scoped in lend, ref reply) =>
            {
                if (lend.Sgl.Count == 0)
                    return RmError.ArgumentInvalid;
                reply.Write(handle: 0);
                return RmError.Ok;
            })
            .Add<VmAllocate, VmAllocateReply>(MessageId.VmAllocate, AllocateVm, guard: static caller => caller == Vmids.Hlos ? RmError.Ok : RmError.Denied));

        var (port, other) = LoopbackPort.CreatePair();          // or HypercallMsgQueuePort, SocketPort, an IMsgQueuePort of your own
        using var server = new RpcServer(dispatcher);           // or any IRpcHandler
        server.AddLink(Vmids.Hlos, other);
        await using var client = new RpcClient(port, RpcClientOptions.LinuxV17);

        using var lent = await client.MemLendAsync(
            MemType.Normal, MemCreateFlags.None, label: 7,
            acl: [new AclEntry(0x80, MemRights.ReadWriteExecute)], sgl: [new SglEntry(0x4100_0000, 0x20_0000)], attributes: []);
        if (lent.IsOk && lent.TryRead(out var parcel) == DecodeStatus.Ok)
            Console.WriteLine($"memparcel {parcel.Handle}");
        else
            Console.WriteLine($"{lent}, errno {lent.ToErrno()}");
        // </sample>
        Assert.Equal("memparcel 0\n", _console.ToString().ReplaceLineEndings("\n"));
        using var allocated = await client.VmAllocateAsync(0);
        Assert.True(allocated.IsOk);
    }

    [Fact]
    public async Task A_link_can_be_a_socket_and_be_captured_broken_and_replayed()
    {
        var directory = Directory.CreateTempSubdirectory("rmstack-readme-");
        try
        {
            var (path, file) = (Path.Combine(directory.FullName, "rm"), Path.Combine(directory.FullName, "session.pcapng"));
            var clock = TimeProvider.System;
            // <sample ports>
            using var listener = new SocketPortListener(path);                   // SOCK_SEQPACKET, a datagram per packet: for programs in any language
            using var log = new CaptureLog(File.Create(file), clock);            // what crosses a port, as pcapng
            using var server = new RpcServer(DelegateHandler.Echo);
            using var vm = SocketPort.Connect(path);
            using var rm = await listener.AcceptAsync();
            server.AddLink(Vmids.Hlos, log.Attach(rm, Vmids.Hlos, "HLOS", LinkEnd.ResourceManager));

            var slow = new FaultProfile { Delay = 0.2, SpuriousSignal = 0.1 };   // and drops, duplicates, reordering, damage, stalls, lost signals
            using var faulty = new FaultyPort(vm, new FaultOptions { Seed = 7, TimeProvider = clock, Send = slow, Receive = slow });
            await using (var client = new RpcClient(faulty))
            {
                using var answer = await client.CallAsync(MessageId.VmGetState, new byte[] { 0x80, 0, 0, 0 });
                Console.WriteLine($"{answer} over a socket");
            }

            log.Dispose();
            await using var reader = new PcapngReader(File.OpenRead(file));
            var session = (await RecordedLinks.ReadAsync(reader)).Find(Vmids.Hlos)!;
            using var replay = new ReplayPort(session, LinkEnd.Vm);              // the RM's end as it was; what is sent is compared byte for byte
            await using (var client = new RpcClient(replay))
            {
                using var answer = await client.CallAsync(MessageId.VmGetState, new byte[] { 0x81, 0, 0, 0 });
                Console.WriteLine(replay.Mismatches[0]);                         // packet 1 differs at byte 8: ...
            }
            // </sample>
            Assert.StartsWith("Ok over a socket\npacket 1 differs at byte 8:\n  capture  #0 VM_GET_STATE vmid=0x80\n", _console.ToString().ReplaceLineEndings("\n"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Notifications_come_to_typed_handlers()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        var client = pair.Client;
        // <sample notification>
        var table = new RpcNotificationTable()
            .Add<VmStatus>(MessageId.VmStatus, (scoped in status) => Console.WriteLine($"VM {status.Vmid:x} is {status.State}"));
        client.Notification = table.Handle;
        // </sample>
        pair.Context.Run(() => pair.Server.Notify(RpcPair.Vmid, MessageId.VmStatus, [0x80, 0, 0, 0, 3, 0, 0, 0]));
        Assert.Equal("VM 80 is Running\n", _console.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Messages_are_views_and_writers()
    {
        var buffer = new byte[64];
        var payload = buffer[..MemLend.Write(buffer, MemType.Normal, MemCreateFlags.None, 7, [], [new(0x4100_0000, 0x20_0000)], [])];
        // <sample view>
        if (MemLend.TryParse(payload, out var lend) == DecodeStatus.Ok)      // payload: ReadOnlySpan<byte> or ReadOnlySequence<byte>
            foreach (var range in lend.Sgl) Console.WriteLine($"{range.Ipa:x} {range.Size:x}");
        var length = VmStart.Write(buffer, vmid: 0x80);                      // buffer: Span<byte>, byte[], new PayloadWriter(pipe.Writer)
        // </sample>
        Assert.Equal(("41000000 200000\n", 4), (_console.ToString().ReplaceLineEndings("\n"), length));
    }

    [Fact]
    public void Messages_are_made_from_text()
    {
        // <sample text>
        if (!FieldValues.TryParse("mem_type=normal label=7 acl=[0x80:RWX] sgl=[0x41000000+2m]", out var fields, out var error)
            || !MessageEncoder.TryEncode(MessageId.MemLend, RpcMessageType.Request, fields, out var bytes, out error))
            Console.WriteLine(error);       // MEM_LEND: sgl entry 1: size="2m" is no number; it is a number up to 0xffffffffffffffff, e.g. size=0x200000
        // </sample>
        Assert.Equal(
            "MEM_LEND: sgl entry 1: size=\"2m\" is no number; it is a number up to 0xffffffffffffffff, e.g. size=0x200000\n",
            _console.ToString().ReplaceLineEndings("\n"));
    }

    private static RmError AllocateVm(ushort caller, scoped in VmAllocate request, ref RpcReplyWriter<VmAllocateReply> reply)
    {
        reply.Write(0x80);
        return RmError.Ok;
    }

    private StringWriter Console => _console;
}
