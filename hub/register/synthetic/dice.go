package synthetic

// dice are the repeatable choices for one organisation (splitmix64).
type dice struct{ state uint64 }

func newDice(seed, i uint64) *dice { return &dice{state: mix(seed) ^ mix(i+0x5151)} }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	return mix(d.state)
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

func (d *dice) pick(options ...string) string { return options[d.below(len(options))] }

// weighted returns an index, each as often as its weight says.
func (d *dice) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.below(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return 0
}

// permute returns a number below n for i, a different one for each i below n.
func permute(i, n int, seed uint64) int {
	step := 1 + int(mix(seed)%uint64(n))
	for gcd(step, n) != 1 {
		step++
	}
	return int((uint64(i)*uint64(step) + mix(seed+9)%uint64(n)) % uint64(n))
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
