using System.Buffers;
using System.Text;
using RmStack.Host;
using RmStack.Machine.Devices;

namespace RmStack.Cli.Simulation;

/// <summary>The guest's console: a PL011 on the VMM's bus, its output as bytes and as lines.</summary>
public sealed class GuestConsole : IMmioDevice
{
    private const int MaxLine = 4096;

    private readonly Pl011 _uart;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly StringBuilder _line = new();
    private readonly bool _keep;
    private readonly Action<byte>? _byte;
    private readonly Action<string>? _lineDone;

    /// <summary>A console.</summary>
    /// <param name="onByte">Takes each byte as it comes.</param>
    /// <param name="onLine">Takes each line once it is complete, without its end.</param>
    /// <param name="keep">Whether <see cref="Output"/> keeps all of it, however much a guest prints.</param>
    public GuestConsole(Action<byte>? onByte = null, Action<string>? onLine = null, bool keep = true)
    {
        _keep = keep;
        _byte = onByte;
        _lineDone = onLine;
        _uart = new Pl011(Take);
    }

    /// <summary>All that was printed.</summary>
    public ReadOnlySpan<byte> Output => _bytes.WrittenSpan;

    /// <summary>Bytes of its registers.</summary>
    public static ulong Size => Pl011.Size;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => _uart.Read((uint)offset, size);

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => _uart.Write((uint)offset, size, value);

    /// <summary>Hands on a line that was not ended.</summary>
    public void Flush()
    {
        if (_line.Length == 0) return;
        _lineDone?.Invoke(_line.ToString());
        _line.Clear();
    }

    private void Take(byte data)
    {
        if (_keep) _bytes.Write([data]);
        _byte?.Invoke(data);
        if (_line.Length >= MaxLine) Flush();
        switch (data)
        {
            case (byte)'\n':
                _lineDone?.Invoke(_line.ToString());
                _line.Clear();
                break;
            case (byte)'\r':
                break;
            case >= (byte)' ' and <= (byte)'~' or (byte)'\t':
                _line.Append((char)data);
                break;
            default:
                // A guest must not be able to drive the reader's terminal.
                _line.Append("\\x").Append(data.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
