using RmStack.Machine.DeviceTree;
using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>A secondary VM that a test takes through its life: 64 KiB, code at its start, tree in its upper half.</summary>
internal sealed class GuestVm(Hlos hlos, ushort vmid, ulong memory)
{
    public const ulong Size = 0x1_0000;
    public const ulong DtbOffset = 0x8000;
    public const ulong DtbSize = 0x8000;

    public ushort Vmid { get; } = vmid;

    /// <summary>Where the primary VM has its memory.</summary>
    public ulong Memory { get; } = memory;

    public uint Handle { get; private set; }

    public static async Task<GuestVm> AllocateAsync(Hlos hlos, ulong memory = 0x5000_0000)
    {
        var answer = await hlos.CallAsync(MessageId.VmAllocate, Payloads.Vmid(0));
        Assert.Equal(RmError.Ok, answer.Error);
        return new GuestVm(hlos, BitConverter.ToUInt16(answer.Payload), memory);
    }

    /// <summary>Writes code and tree into memory that is still the primary VM's.</summary>
    public void Write(byte[] code, DeviceTreeBlob tree)
    {
        hlos.Memory.Clear(Memory, Size);
        hlos.Memory.Write(Memory, code);
        hlos.Memory.Write(Memory + DtbOffset, tree.ToArray());
    }

    public async Task LendAsync(uint label = 0)
    {
        var answer = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(Vmid, Payloads.Rwx)], [(Memory, Size)], label));
        Assert.Equal(RmError.Ok, answer.Error);
        Assert.Empty(answer.Before);
        Handle = BitConverter.ToUInt32(answer.Payload);
    }

    public Task<Answer> ConfigAsync() => hlos.CallAsync(MessageId.VmConfigImage, Payloads.Config(Vmid, Handle, DtbOffset, DtbSize));

    public Task<Answer> InitAsync() => hlos.CallAsync(MessageId.VmInit, Payloads.Vmid(Vmid));

    public Task<Answer> StartAsync() => hlos.CallAsync(MessageId.VmStart, Payloads.Vmid(Vmid));

    public Task<Answer> StopAsync(byte flags = 1, uint reason = 3) => hlos.CallAsync(MessageId.VmStop, Payloads.Stop(Vmid, flags, reason));

    public Task<Answer> ResetAsync() => hlos.CallAsync(MessageId.VmReset, Payloads.Vmid(Vmid));

    public Task<Answer> ReclaimAsync() => hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(Handle));

    public Task<Answer> DeallocateAsync() => hlos.CallAsync(MessageId.VmDeallocate, Payloads.Vmid(Vmid));

    /// <summary>From LOAD to RUNNING with everything as it should be.</summary>
    public async Task LaunchAsync(byte[] code, DeviceTreeBlob tree)
    {
        await ReadyAsync(code, tree);
        Expect(await StartAsync(), 3);
    }

    /// <summary>From LOAD to READY.</summary>
    public async Task ReadyAsync(byte[] code, DeviceTreeBlob tree)
    {
        Write(code, tree);
        await LendAsync();
        Expect(await ConfigAsync(), 1);
        Expect(await InitAsync(), 2);
    }

    /// <summary>VM_RESET to the end.</summary>
    public async Task ResetToTheEndAsync(bool accepted)
    {
        Expect(await ResetAsync(), 10);
        if (accepted) Assert.Equal(Payloads.Released(Handle, Vmid).ToString(), (await hlos.NoticeAsync()).ToString());
        Assert.Equal(Payloads.Status(Vmid, 11).ToString(), (await hlos.NoticeAsync()).ToString());
    }

    /// <summary>The state that VM_GET_STATE tells.</summary>
    public async Task<byte> StateAsync()
    {
        var answer = await hlos.CallAsync(MessageId.VmGetState, Payloads.Vmid(Vmid));
        Assert.Equal(RmError.Ok, answer.Error);
        return answer.Payload[0];
    }

    /// <summary>Ok, behind one VM_STATUS with this state.</summary>
    public void Expect(Answer answer, byte state)
    {
        Assert.Equal(RmError.Ok, answer.Error);
        Assert.Equal([Payloads.Status(Vmid, state).ToString()], answer.Before.Select(n => n.ToString()));
    }

    /// <summary>An error behind VM_STATUS INIT_FAILED.</summary>
    public void ExpectFailure(Answer answer, RmError error)
    {
        Assert.Equal(error, answer.Error);
        Assert.Empty(answer.Payload);
        Assert.Equal([Payloads.Status(Vmid, 8).ToString()], answer.Before.Select(n => n.ToString()));
    }
}
