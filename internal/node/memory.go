package node

import (
	"strconv"

	"isac/hub"
	"isac/hub/register"
	"isac/internal/memory"
)

// bound refuses to start with less memory than is needed, and from then on lists for
// which there isn't enough. A command beside no running hub may do all but import one.
func (n *Node) bound() error {
	if n.Memory == 0 {
		return nil
	}
	err := n.Roster.Within(n.fits)
	if n.Aside {
		return nil
	}
	n.note()
	n.Roster.OnChange(n.note)
	return err
}

// fits says what to do where the memory isn't enough for a list.
func (n *Node) fits(list *register.Register) error {
	needed := memory.Needed(list.Len())
	if n.Memory == 0 || needed <= n.Memory {
		return nil
	}
	return hub.E(hub.Unavailable, "node.memory-short", mebibytes(needed+1<<20-1), mebibytes(n.Memory), strconv.Itoa(list.Len()))
}

// note leaves for isacd doctor what is needed and what there is.
func (n *Node) note() {
	list, _ := n.Roster.List()
	err := memory.Note{Needed: memory.Needed(list.Len()), Bound: n.Memory}.Write(n.Dir)
	if err != nil {
		n.Log.Warn("memory not noted", "class", string(hub.KindOf(err)))
	}
}

func mebibytes(n int64) string { return strconv.FormatInt(n>>20, 10) }
