// Command open-vacancies keeps how many people are sought in which occupation, for a school that plans its courses.
//
//	open-vacancies CREDENTIALS STATE
//
// It is written from the centre's AsyncAPI document alone: topic, headers and fields have the names that stand there.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	topic      = "jobplus.vacancies"
	partitions = 12 // the channel's Kafka binding; it never changes
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: open-vacancies CREDENTIALS STATE")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := read(ctx, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// read takes in what is published until ctx ends. Where it has read to is written with what it has read, in one file:
// killed at any moment, it goes on from there.
func read(ctx context.Context, credentials, file string) error {
	state, err := load(file)
	if err != nil {
		return err
	}
	options, err := connection(credentials)
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options,
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: positions(state)}),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), // what is read again changes nothing
	)...)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := reach(ctx, client); err != nil {
		return err
	}
	fmt.Println("reading")
	for {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			return nil
		}
		for _, failed := range fetches.Errors() {
			var lost *kgo.ErrDataLoss // Kafka lost records: it reads on, and what is published again comes behind
			if !errors.As(failed.Err, &lost) {
				return fmt.Errorf("%s %d can't be read: %w", failed.Topic, failed.Partition, failed.Err)
			}
			fmt.Println(lost)
		}
		for record := range fetches.RecordsAll() {
			if err := take(state, record); err != nil {
				return fmt.Errorf("%s %d at %d: %w", record.Topic, record.Partition, record.Offset, err)
			}
			state.Next[record.Partition] = record.Offset + 1
		}
		if err := state.save(file); err != nil {
			return err
		}
	}
}

// reach says at once where the address, the certificate or the password is wrong, rather than trying for ever.
func reach(ctx context.Context, client *kgo.Client) error {
	limited, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := client.Ping(limited); err != nil {
		return fmt.Errorf("Kafka doesn't let us in: %w", err)
	}
	return nil
}

func positions(state *State) map[int32]kgo.Offset {
	from := map[int32]kgo.Offset{}
	for partition := range int32(partitions) {
		from[partition] = kgo.NewOffset().AtStart()
		if next, known := state.Next[partition]; known {
			from[partition] = kgo.NewOffset().At(next)
		}
	}
	return from
}

// take applies a record: a CloudEvent in Kafka's binary mode. A type that isn't known here is passed over.
func take(state *State, record *kgo.Record) error {
	headers := map[string]string{}
	for _, header := range record.Headers {
		headers[header.Key] = string(header.Value)
	}
	sequence, err := strconv.ParseInt(headers["ce_sequence"], 10, 64)
	if err != nil {
		return errors.New("ce_sequence is no number")
	}
	switch headers["ce_type"] {
	case "jobplus.VacancyOpened", "jobplus.VacancyChanged":
		var terms Terms
		if err := json.Unmarshal(record.Value, &terms); err != nil {
			return fmt.Errorf("%s: %w", headers["ce_type"], err)
		}
		state.told(string(record.Key), sequence, terms)
	case "jobplus.VacancyClosed":
		state.closed(string(record.Key))
	}
	return nil
}
