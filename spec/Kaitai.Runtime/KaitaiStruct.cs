namespace Kaitai;

/// <summary>What every generated type derives from.</summary>
public abstract class KaitaiStruct
{
    // The generated code names it.
    protected readonly KaitaiStream m_io;

    protected KaitaiStruct(KaitaiStream io) => m_io = io;

    /// <summary>Where the object was read from.</summary>
    public KaitaiStream M_Io => m_io;
}
