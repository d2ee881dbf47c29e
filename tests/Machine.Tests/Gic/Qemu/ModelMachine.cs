using RmStack.Machine.Devices;
using RmStack.Machine.Gic;
using RmStack.Machine.Time;
using RmStack.Machine.Timers;

namespace RmStack.Machine.Tests.Gic.Qemu;

/// <summary>The model put together as <see cref="QemuMachine"/> is.</summary>
internal sealed class ModelMachine
{
    /// <summary>ISR_EL1: bit 7 IRQ, bit 6 FIQ.</summary>
    public const uint ISR_EL1 = (3 << 14) | (12 << 7) | (1 << 3);

    private const int UartSpi = 33;
    private readonly GicV3 _gic = new(2, GicIdentity.QemuVirt);
    private readonly GenericTimer _timer;
    private readonly Pl011 _uart = new(static _ => { });

    public ModelMachine()
    {
        _timer = new GenericTimer(new VirtualClock(), _gic, 0);
        _uart.InterruptLineChanged = line =>
        {
            if (line) _gic.AssertLevel(0, UartSpi);
            else _gic.ClearLevel(0, UartSpi);
        };
        Print();
    }

    /// <summary>Does one access.</summary>
    /// <returns>What a read gives, or <see cref="QemuMachine.Refused"/>.</returns>
    public ulong Do(Operation o)
    {
        var value = Access(o);
        if (o.Reads) Print();
        return value;
    }

    private void Print() => _uart.Write(0, 1, 0);

    private ulong Access(Operation o)
    {
        switch (o.Kind)
        {
            case OperationKind.ReadSystem: return ReadSystem((uint)o.Where);
            case OperationKind.WriteSystem:
                if (!_gic.CpuInterface(0).TryWrite((uint)o.Where, o.Value)) _timer.TryWrite((uint)o.Where, o.Value);
                return 0;
            case OperationKind.Read8: return Read(o.Where, 1);
            case OperationKind.Read32: return Read(o.Where, 4);
            case OperationKind.Read64: return Read(o.Where, 8);
            case OperationKind.Write8: Write(o.Where, 1, o.Value); return 0;
            case OperationKind.Write32: Write(o.Where, 4, o.Value); return 0;
            default: Write(o.Where, 8, o.Value); return 0;
        }
    }

    private ulong ReadSystem(uint register)
    {
        var face = _gic.CpuInterface(0);
        if (register == ISR_EL1) return (face.IrqPending ? 0x80ul : 0) | (face.FiqPending ? 0x40ul : 0);
        return face.TryRead(register, out var value) || _timer.TryRead(register, out value) ? value : QemuMachine.Refused;
    }

    private ulong Read(ulong address, int size)
    {
        if (address >= QemuMachine.Uart) return _uart.Read((uint)(address - QemuMachine.Uart), size);
        var ok = address < QemuMachine.Redistributors
            ? _gic.TryReadDistributor(0, (uint)(address - QemuMachine.Distributor), size, out var value)
            : _gic.TryReadRedistributor(0, Frame(address), Offset(address), size, out value);
        return ok ? value : QemuMachine.Refused;
    }

    private void Write(ulong address, int size, ulong value)
    {
        if (address >= QemuMachine.Uart)
        {
            _uart.Write((uint)(address - QemuMachine.Uart), size, value);
        }
        else if (address < QemuMachine.Redistributors)
        {
            _gic.TryWriteDistributor(0, (uint)(address - QemuMachine.Distributor), size, value);
        }
        else
        {
            _gic.TryWriteRedistributor(0, Frame(address), Offset(address), size, value);
        }
    }

    private static int Frame(ulong address) => (int)((address - QemuMachine.Redistributors) / GicV3.RedistributorSize);

    private static uint Offset(ulong address) => (uint)((address - QemuMachine.Redistributors) % GicV3.RedistributorSize);
}
