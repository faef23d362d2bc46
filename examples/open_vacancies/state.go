package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Terms are the fields of VacancyOpened and VacancyChanged that are used here; others are ignored.
type Terms struct {
	Occupation string `json:"occupation"` // a code that isn't in the list is kept as it is
	Openings   int    `json:"openings"`
}

// Vacancy is what the last event told of one. Taking in an event twice, or an older one behind a younger, changes
// nothing: ce_sequence counts the events of a vacancy.
type Vacancy struct {
	Terms
	Sequence int64 `json:"sequence"` // of the event that told the terms
	Closed   bool  `json:"closed"`
}

// State is what stands in the file.
type State struct {
	Next      map[int32]int64     `json:"next"` // by partition: the offset to go on from
	Vacancies map[string]*Vacancy `json:"vacancies"`
	Wanted    map[string]int      `json:"wanted"` // by occupation: how many people open vacancies seek
}

func (state *State) vacancy(id string) *Vacancy {
	if state.Vacancies[id] == nil {
		state.Vacancies[id] = &Vacancy{}
	}
	return state.Vacancies[id]
}

func (state *State) told(id string, sequence int64, terms Terms) {
	if vacancy := state.vacancy(id); sequence > vacancy.Sequence {
		vacancy.Terms, vacancy.Sequence = terms, sequence
	}
}

func (state *State) closed(id string) {
	state.vacancy(id).Closed = true
}

func load(file string) (*State, error) {
	state := &State{Next: map[int32]int64{}, Vacancies: map[string]*Vacancy{}}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return state, nil
	}
	if err == nil {
		err = json.Unmarshal(content, state)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is no state of this program: %w", file, err)
	}
	return state, nil
}

// save writes the whole state anew, or leaves the one before: never a half.
func (state *State) save(file string) error {
	state.Wanted = map[string]int{}
	for _, vacancy := range state.Vacancies {
		if !vacancy.Closed && vacancy.Sequence > 0 {
			state.Wanted[vacancy.Occupation] += vacancy.Openings
		}
	}
	content, err := json.Marshal(state)
	if err != nil {
		return err
	}
	partial := file + ".partial"
	if err := written(partial, content); err != nil {
		return err
	}
	if err := os.Rename(partial, file); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

func written(file string, content []byte) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := out.Write(content); err != nil {
		out.Close()
		return err
	}
	if err := out.Sync(); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
