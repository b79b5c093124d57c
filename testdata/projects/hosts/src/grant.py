def grant(client, identity):
    client.run(f'.alter-merge cluster policy managed_identity \'[{{"ObjectId":"{identity}","AllowedUsages":"AzureAI"}}]\'')
