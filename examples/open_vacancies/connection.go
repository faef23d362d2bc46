package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// connection reads the file that the centre's operators hand over: TLS, and a user with a password.
func connection(file string) ([]kgo.Opt, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var told struct {
		Servers   string `json:"bootstrap_servers"`
		User      string `json:"username"`
		Password  string `json:"password"`
		Authority string `json:"ca_pem"`
	}
	if err := json.Unmarshal(content, &told); err != nil {
		return nil, fmt.Errorf("%s has no credentials: %w", file, err)
	}
	trusted := &tls.Config{MinVersion: tls.VersionTLS12}
	if told.Authority != "" {
		trusted.RootCAs = x509.NewCertPool()
		if !trusted.RootCAs.AppendCertsFromPEM([]byte(told.Authority)) {
			return nil, fmt.Errorf("%s: ca_pem is no certificate", file)
		}
	}
	return []kgo.Opt{
		kgo.SeedBrokers(strings.Split(told.Servers, ",")...),
		kgo.DialTLSConfig(trusted),
		kgo.SASL(scram.Auth{User: told.User, Pass: told.Password}.AsSha512Mechanism()),
	}, nil
}
