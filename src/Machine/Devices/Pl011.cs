namespace RmStack.Machine.Devices;

/// <summary>
/// An Arm PL011 UART, revision 1 (Arm DDI 0183). Transmission is instant, so the transmit FIFO never fills; bytes to
/// receive wait in a FIFO of 16 (1 without FIFOs), and whoever delivers them holds back what does not fit. HOT: a kernel polls FR.
/// </summary>
/// <remarks>An access to a register that does not exist, or of a width that no register has, is counted and ignored.</remarks>
public sealed class Pl011
{
    /// <summary>Bytes of its register frame.</summary>
    public const uint Size = 0x1000;

    /// <summary>RIS bit: input waits.</summary>
    public const uint InterruptReceive = 1 << 4;

    /// <summary>RIS bit: room to transmit.</summary>
    public const uint InterruptTransmit = 1 << 5;

    private const uint DR = 0x000;
    private const uint RSR = 0x004;
    private const uint FR = 0x018;
    private const uint ILPR = 0x020;
    private const uint IBRD = 0x024;
    private const uint FBRD = 0x028;
    private const uint LCR_H = 0x02C;
    private const uint CR = 0x030;
    private const uint IFLS = 0x034;
    private const uint IMSC = 0x038;
    private const uint RIS = 0x03C;
    private const uint MIS = 0x040;
    private const uint ICR = 0x044;
    private const uint DMACR = 0x048;
    private const uint PeriphID0 = 0xFE0;

    private const uint FlagReceiveEmpty = 1 << 4;
    private const uint FlagReceiveFull = 1 << 6;
    private const uint FlagTransmitEmpty = 1 << 7;
    private const uint LineControlFifos = 1 << 4;
    private const uint ControlLoopback = 1 << 7;
    private const uint AllInterrupts = 0x7FF;

    private readonly Action<byte> _output;
    private readonly byte[] _fifo = new byte[16];
    private int _head;
    private int _waiting;
    private uint _raw;
    private uint _mask;
    private uint _integerBaud;
    private uint _fractionalBaud;
    private uint _lineControl;
    private uint _control = 0x300;
    private uint _fifoLevels = 0x12;
    private uint _lowPower;
    private uint _dmaControl;
    private bool _line;

    /// <summary>Makes a UART in its reset state.</summary>
    /// <param name="output">Takes each transmitted byte at once.</param>
    public Pl011(Action<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Makes a UART that writes to a stream, unbuffered.</summary>
    public Pl011(Stream output)
        : this((output ?? throw new ArgumentNullException(nameof(output))).WriteByte)
    {
    }

    private static ReadOnlySpan<byte> Identification => [0x11, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1];

    /// <summary>Level of the interrupt output: RIS &amp; IMSC.</summary>
    public bool InterruptLine => (_raw & _mask) != 0;

    /// <summary>Called when <see cref="InterruptLine"/> has changed.</summary>
    public Action<bool>? InterruptLineChanged { get; set; }

    /// <summary>Called when the FIFO had no room and has some again, so that input held back can be delivered.</summary>
    public Action? RoomToReceive { get; set; }

    /// <summary>Bytes that <see cref="Receive"/> will take now.</summary>
    public int ReceiveRoom => Depth - _waiting;

    /// <summary>Accesses that no driver should make.</summary>
    public long GuestErrors { get; private set; }

    private int Depth => (_lineControl & LineControlFifos) != 0 ? 16 : 1;

    /// <summary>A byte arrives on the line.</summary>
    /// <returns>False when the FIFO is full: the byte was not taken.</returns>
    public bool Receive(byte data)
    {
        if (_waiting >= Depth) return false;
        _fifo[(_head + _waiting) & 15] = data;
        _waiting++;
        _raw |= InterruptReceive;
        Drive();
        return true;
    }

    /// <summary>A load of <paramref name="size"/> bytes.</summary>
    public ulong Read(uint offset, int size)
    {
        if (!IsAccess(offset, size)) return 0;
        switch (offset)
        {
            case FR:
                return FlagTransmitEmpty | (_waiting == 0 ? FlagReceiveEmpty : 0) | (_waiting >= Depth ? FlagReceiveFull : 0);
            case DR: return Take();
            case RSR: return 0;
            case ILPR: return _lowPower;
            case IBRD: return _integerBaud;
            case FBRD: return _fractionalBaud;
            case LCR_H: return _lineControl;
            case CR: return _control;
            case IFLS: return _fifoLevels;
            case IMSC: return _mask;
            case RIS: return _raw;
            case MIS: return _raw & _mask;
            case DMACR: return _dmaControl;
            case >= PeriphID0 and < Size: return Identification[(int)(offset - PeriphID0) / 4];
            default:
                GuestErrors++;
                return 0;
        }
    }

    /// <summary>A store of <paramref name="size"/> bytes.</summary>
    public void Write(uint offset, int size, ulong value)
    {
        if (!IsAccess(offset, size)) return;
        switch (offset)
        {
            case DR: Transmit((byte)value); break;
            case RSR: break;
            case ILPR: _lowPower = (uint)value & 0xFF; break;
            case IBRD: _integerBaud = (uint)value & 0xFFFF; break;
            case FBRD: _fractionalBaud = (uint)value & 0x3F; break;
            case LCR_H: WriteLineControl((uint)value & 0xFF); break;
            case CR: _control = (uint)value & 0xFF87; break;
            case IFLS: _fifoLevels = (uint)value & 0x3F; break;
            case IMSC: _mask = (uint)value & AllInterrupts; break;
            case ICR: _raw &= ~(uint)value; break;
            case DMACR: _dmaControl = (uint)value & 7; break;
            default: GuestErrors++; break;
        }

        Drive();
    }

    private bool IsAccess(uint offset, int size)
    {
        if (size is 1 or 2 or 4 && (offset & 3) == 0) return true;
        GuestErrors++;
        return false;
    }

    private byte Take()
    {
        if (_waiting == 0) return 0;
        var data = _fifo[_head];
        var wasFull = _waiting >= Depth;
        _head = (_head + 1) & 15;
        _waiting--;
        if (_waiting == 0) _raw &= ~InterruptReceive;
        Drive();
        if (wasFull) RoomToReceive?.Invoke();
        return data;
    }

    private void Transmit(byte data)
    {
        if ((_control & ControlLoopback) != 0) Receive(data);
        else _output(data);
        _raw |= InterruptTransmit;
    }

    /// <summary>Switching FIFOs on or off empties them.</summary>
    private void WriteLineControl(uint value)
    {
        var changes = ((value ^ _lineControl) & LineControlFifos) != 0;
        _lineControl = value;
        if (!changes) return;
        _waiting = 0;
        _raw &= ~InterruptReceive;
        RoomToReceive?.Invoke();
    }

    private void Drive()
    {
        if (InterruptLine == _line) return;
        _line = InterruptLine;
        InterruptLineChanged?.Invoke(_line);
    }
}
