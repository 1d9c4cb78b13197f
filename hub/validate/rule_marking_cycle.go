package validate

// markingCycle refuses markings that mark themselves, directly or by way of others
// (section 7.2).
func markingCycle(d *document) {
	marks := make(map[string][]string)
	for _, s := range d.objects {
		if s.Type() == "marking-definition" && s.ID() != "" {
			marks[s.ID()] = append(marks[s.ID()], s.markings()...)
		}
	}
	if len(marks) == 0 {
		return
	}
	looping := loops(marks)
	for _, s := range d.objects {
		if s.Type() == "marking-definition" && looping[s.ID()] {
			s.report("", "marking-cycle")
		}
	}
}

// markings are the ids of all markings on the object and on its parts.
func (s *subject) markings() []string {
	ids := s.Strs("object_marking_refs")
	for _, g := range s.Objs("granular_markings") {
		if ref := g.Str("marking_ref"); ref != "" {
			ids = append(ids, ref)
		}
	}
	return ids
}

// loops returns the nodes of a graph from which a way leads back to themselves,
// by Tarjan's strongly connected components, without recursion.
func loops(graph map[string][]string) map[string]bool {
	t := tarjan{graph: graph, order: map[string]int{}, low: map[string]int{}, open: map[string]bool{}, looping: map[string]bool{}}
	for node := range graph {
		if t.order[node] == 0 {
			t.from(node)
		}
	}
	return t.looping
}

type tarjan struct {
	graph   map[string][]string
	order   map[string]int // from 1, in the order of the first visit
	low     map[string]int
	open    map[string]bool
	stack   []string
	looping map[string]bool
}

type step struct {
	node string
	next int // the edge to follow
}

func (t *tarjan) from(root string) {
	way := []step{t.enter(root)}
	for len(way) > 0 {
		at := &way[len(way)-1]
		if at.next < len(t.graph[at.node]) {
			to := t.graph[at.node][at.next]
			at.next++
			if to == at.node {
				t.looping[to] = true
			}
			if t.order[to] == 0 {
				way = append(way, t.enter(to))
			} else if t.open[to] {
				t.low[at.node] = min(t.low[at.node], t.order[to])
			}
			continue
		}
		done := at.node
		way = way[:len(way)-1]
		if len(way) > 0 {
			parent := way[len(way)-1].node
			t.low[parent] = min(t.low[parent], t.low[done])
		}
		t.leave(done)
	}
}

func (t *tarjan) enter(node string) step {
	n := len(t.order) + 1
	t.order[node], t.low[node], t.open[node] = n, n, true
	t.stack = append(t.stack, node)
	return step{node: node}
}

// leave closes a component when its first node is done.
func (t *tarjan) leave(node string) {
	if t.low[node] != t.order[node] {
		return
	}
	for i := len(t.stack) - 1; ; i-- {
		member := t.stack[i]
		t.open[member] = false
		if member != node || i < len(t.stack)-1 {
			t.looping[member] = true
		}
		if member == node {
			t.stack = t.stack[:i]
			return
		}
	}
}
